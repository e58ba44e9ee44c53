"""When something must be done at the latest: spans of time, working days and the Swedish calendar."""
