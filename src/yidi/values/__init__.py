"""Values: money, ratios, quantities, identity numbers and the words of the trade. No I/O, no Django."""
