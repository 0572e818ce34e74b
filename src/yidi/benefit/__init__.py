"""What a bill comes to: split, adjudicate, explain. Pure functions over whole numbers; no clock, no database, no Django."""

from yidi.benefit.adjudicate import Counter, Decision, adjudicate
from yidi.benefit.explain import Explanation, Step, explain
from yidi.benefit.split import CatalogueEntry, FeeLine, LineSplit, Split, split_bill, split_line, whole_split

__all__ = [
    "CatalogueEntry",
    "Counter",
    "Decision",
    "Explanation",
    "FeeLine",
    "LineSplit",
    "Split",
    "Step",
    "adjudicate",
    "explain",
    "split_bill",
    "split_line",
    "whole_split",
]
