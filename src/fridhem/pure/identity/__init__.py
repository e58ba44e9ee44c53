"""Swedish identity numbers: read, check and mask them."""
