"""What an operator does across all rooms: load the registers, check the books, print a bill."""
