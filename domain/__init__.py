"""What the bank knows and decides: pure, frozen values, no input or output, no clock."""
