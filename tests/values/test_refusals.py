"""The one shape of every refusal."""

from yidi.values.errors import BadValue, Refusal


def test_a_refusal_has_a_code_and_two_sentences() -> None:
    refusal = BadValue(text="x", what="金额", why="不是数字")
    assert isinstance(refusal, Refusal)
    assert isinstance(refusal, ValueError)
    assert refusal.message == "“x”不是有效的金额：不是数字。请改正后重试。"
    assert refusal.english == "“x” is not a valid 金额: 不是数字. Correct it and try again."
    assert str(refusal) == f"[VALUE-BAD] {refusal.message}"
    assert refusal.details == {"text": "x", "what": "金额", "why": "不是数字"}
