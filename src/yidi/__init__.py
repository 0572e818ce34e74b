"""yidi (异地): cross-region outpatient settlement for China's basic medical insurance."""

__version__ = "0.1.0"
