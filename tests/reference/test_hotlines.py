"""Whom to call."""

from yidi.reference.hotlines import area_code, hotlines, insurance_hotline


def test_a_pool_with_its_own_row_gives_that_row():
    found = insurance_hotline("360100")
    assert (found.region, found.dial, found.confidence) == ("360100", "0791-12393", "B")


def test_a_pool_without_a_row_gives_the_nationwide_number_behind_its_area_code():
    found = insurance_hotline("360800")
    assert (found.region, found.number, found.dial) == ("", "12393", "0796-12393")


def test_a_pool_without_an_area_code_leaves_it_to_the_caller():
    assert area_code("369900") == ""
    assert insurance_hotline("369900").dial == "区号+12393"


def test_doubtful_rows_stay_in_the_register_and_are_not_shown():
    assert any(row.region == "310000" and row.confidence == "C" for row in hotlines())
    assert insurance_hotline("310000").confidence == "B"
