"""Facts become counted tables with all their margins; what is counted here has not been protected."""
