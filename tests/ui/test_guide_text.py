"""The guide says what the window says: its buttons, codes, standings, commands and words."""

import re
import shlex
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from agent.commands.arguments import parse
from agent.texts import DOMAIN, LANGUAGES, LOCALE_FOLDER, Digits
from agent.texts.sentences import SENTENCES
from agent.ui.jobs import guide as reading
from agent.ui.terms import TERMS
from agent.ui.views.guide import CHAPTER_OF, Chapter, shown, sought
from agent.ui.views.marks import unmarked
from agent.ui.wording import Place, WindowTexts

ROOT = Path(__file__).parent.parent.parent
TEXTS = {language: WindowTexts(language) for language in LANGUAGES}
GUIDES = {
    language: (reading._FOLDER / f"{language}.md").read_text("utf-8") for language in LANGUAGES
}
QUOTED = {"en": re.compile("“([^”]*)”"), "fa": re.compile("«([^»]*)»")}
CODE = re.compile("`([^`]*)`")
# Names that are the same in every language, and stand alone among Persian words.
FOREIGN = {"QR"}


def catalog() -> dict[str, str]:
    file = LOCALE_FOLDER / "fa" / "LC_MESSAGES" / f"{DOMAIN}.po"
    with file.open("rb") as stream:
        # Isolates are the window's; who writes a guide quotes the words.
        return {
            named(str(m.id)): named(re.sub("[\u2066-\u2069]", "", str(m.string)))
            for m in read_po(stream)
            if m.id
        }


def named(words: str) -> str:
    return words.rstrip("…")


def quoted(language: str) -> set[str]:
    return set(QUOTED[language].findall(GUIDES[language]))


def test_every_name_that_the_english_guide_quotes_stands_in_the_window() -> None:
    assert quoted("en") <= set(catalog())
    assert len(quoted("en")) > 60


def test_the_persian_guide_quotes_the_same_names_in_persian() -> None:
    words = catalog()
    assert {words[name] for name in quoted("en")} == quoted("fa")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_has_its_row_and_its_caption(language: str) -> None:
    guide, texts = GUIDES[language], TEXTS[language]
    left, right = ("“", "”") if language == "en" else ("«", "»")
    for place in Place:
        rows = re.findall(
            rf"^\| {texts.number(place.screen_code)} \| {left}(.+){right} \| .+ \|$",
            guide,
            re.MULTILINE,
        )
        captions = re.findall(
            rf"^> \*\*{texts.screen(place)}[,،] {left}(.+){right}\.\*\* .+\.", guide, re.MULTILINE
        )
        assert len(rows) == 1, place
        assert rows == captions, place


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_code_is_named_that_is_no_screen(language: str) -> None:
    texts = TEXTS[language]
    codes = {texts.number(place.screen_code) for place in Place}
    four = r"(?<![/\w])[0-9۰-۹]{4}(?![/\w])"
    assert set(re.findall(four, CODE.sub("", GUIDES[language]))) == codes


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_standing_is_explained_under_its_own_sentence(language: str) -> None:
    standings = {
        TEXTS[language].text(code)
        for code in SENTENCES
        if code.startswith("standing-") or code == "not-confirmed"
    }
    assert set(re.findall("^### (.+)$", GUIDES[language], re.MULTILINE)) == standings


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_leads_to_a_chapter_that_is_there(language: str) -> None:
    assert set(CHAPTER_OF) == set(Place)
    assert len(re.findall("^## .+$", GUIDES[language], re.MULTILINE)) == len(Chapter)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", Place)
def test_the_chapter_of_a_page_shows_that_page(language: str, place: Place) -> None:
    if place is Place.GUIDE:
        return  # F1 on the guide itself begins at its beginning
    chapters = re.split("^## .+$", GUIDES[language], flags=re.MULTILINE)[1:]
    assert f"**{TEXTS[language].screen(place)}" in chapters[CHAPTER_OF[place]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_is_one_that_the_program_understands(language: str) -> None:
    commands = [c for c in CODE.findall(GUIDES[language]) if c.startswith("faragostar-man")]
    assert len(commands) > 20
    for command in commands:
        parse(shlex.split(command)[1:], TEXTS[language])


def test_both_guides_name_the_same_commands() -> None:
    found = [
        sorted(c for c in CODE.findall(GUIDES[language]) if c.startswith("faragostar-man"))
        for language in LANGUAGES
    ]
    assert found[0] == found[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_explained_word_stands_in_the_last_chapter(language: str) -> None:
    texts = TEXTS[language]
    last = re.split("^## .+$", GUIDES[language], flags=re.MULTILINE)[-1].strip().split("\n")
    assert last == [f"- **{texts.gettext(t.name)}**: {texts.gettext(t.says)}" for t in TERMS]


def test_every_explained_word_is_a_word_of_the_window_and_translated() -> None:
    for term in TERMS:
        for word in (term.name, *term.seen_as):
            assert TEXTS["en"].explained(word) == term.says
            said = TEXTS["fa"].explained(TEXTS["fa"].gettext(word))
            assert said
            assert said != term.says
    assert TEXTS["en"].explained("Overview") == ""


def test_the_persian_guide_is_persian_outside_of_what_is_typed() -> None:
    words = re.findall("[A-Za-z]+", CODE.sub("", GUIDES["fa"]))
    assert set(words) <= FOREIGN
    digits = re.findall(
        "[0-9]", CODE.sub("", re.sub(r"^\d+\. ", "", GUIDES["fa"], flags=re.MULTILINE))
    )
    assert not digits


def test_nothing_persian_stands_in_the_english_guide() -> None:
    assert not re.search("[\u0600-\u06ff]", GUIDES["en"])


def test_the_english_guide_is_shown_as_it_is_written() -> None:
    assert shown(GUIDES["en"], TEXTS["en"]) == GUIDES["en"]


def test_persian_rows_begin_at_the_right_and_codes_keep_their_order() -> None:
    written = "| کد | صفحه |\n|---|---|\n| ۱ | `\\\\tsclient\\C` |\n\n1. یکم\n2. دوم\n"
    read = shown(written, TEXTS["fa"])
    assert "| صفحه | کد |" in read
    assert "| `\u2066\\\\tsclient\\C\u2069` | ۱ |" in read
    assert "**۱.** یکم" in read
    assert "`\\\\tsclient\\C`" in unmarked(read)


def test_the_guide_counts_with_the_digits_that_its_reader_chose() -> None:
    latin = shown(GUIDES["fa"], WindowTexts("fa", Digits.LATIN))
    assert "صفحهٔ 1010" in latin
    assert not re.search("[۰-۹]", latin)


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ("فعالسازی", "فعال‌سازی"),
        ("فعال سازي", "فعال‌سازی"),
        ("كد صفحه", "کد صفحه"),
        ("1010", "۱۰۱۰"),
        ("(c++", "(c++"),
    ],
)
def test_words_are_found_however_they_are_typed(typed: str, stands: str) -> None:
    assert re.search(sought(typed), stands)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_lies_in_the_package_and_can_be_read_from_the_documents(language: str) -> None:
    assert (ROOT / "docs" / "guide" / f"{language}.md").read_text("utf-8") == GUIDES[language]
    assert reading._FOLDER.is_relative_to(ROOT / "agent")
