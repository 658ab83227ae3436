"""docs/contract.md says what the models have."""

from pathlib import Path

from tests.contracts.page import page

PAGE = Path(__file__).parents[2] / "docs" / "contract.md"


def test_the_page_of_the_contract_says_what_the_models_have() -> None:
    written, expected = PAGE.read_text(encoding="utf-8"), page()
    assert written == expected, f"docs/contract.md is not up to date; put this into it:\n\n{expected}"
