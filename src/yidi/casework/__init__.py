"""What every case has in common: moves, clocks, assignment, votes."""
