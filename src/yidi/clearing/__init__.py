"""Money between providers, care regions and home regions: reconciled, applied for, allocated."""
