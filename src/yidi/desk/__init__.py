"""The agency's and the cashier's pages."""
