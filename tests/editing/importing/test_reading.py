"""Tables as they come: every encoding, every separator, and every way to be no table at all."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
import pytest

from negotiations.editing.importing import reading
from negotiations.editing.importing.reading import Row, Unreadable, open_table


def rows(content: bytes, **options: str) -> list[Row]:
    with open_table(io.BytesIO(content), **options) as table:
        return list(table.rows)


def refused(content: bytes, **options: str) -> str:
    with pytest.raises(Unreadable) as error:
        rows(content, **options)
    return str(error.value)


def workbook(*lines: list[Any], also: Any = None) -> bytes:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    if also:
        also(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_csv_file_is_read_in_its_encoding_with_its_separator(
    encoding: str, separator: str
) -> None:
    text = f"key{separator}name\r\n1{separator}Сергей Лавров – “министр”\r\n"
    [row] = rows(text.encode(encoding))
    assert row == Row(2, {"key": "1", "name": "Сергей Лавров – “министр”"})


def test_other_encodings_are_found_out_and_said() -> None:
    people = "\n".join(f"{n};Сергей Лавров, министр иностранных дел России" for n in range(20))
    content = f"key;name\n{people}\n".encode("windows-1251")
    with open_table(io.BytesIO(content)) as table:
        assert "1251" in table.about
        assert next(table.rows).cells["name"].startswith("Сергей Лавров")
    content = "key,name\n1,Zoë Müller aus Köln\n".encode("windows-1252")
    assert rows(content, encoding="windows-1252")[0].cells["name"] == "Zoë Müller aus Köln"


def test_a_mislabelled_encoding_is_refused_with_the_line() -> None:
    content = "key,name\n1,Anna\n2,Zoë\n".encode("windows-1252")
    assert "Line 3 is not utf-8 text" in refused(content, encoding="utf-8")
    assert "There is no encoding “klingon”" in refused(content, encoding="klingon")


def test_cells_may_hold_lines_quotation_marks_and_either_direction() -> None:
    content = 'key,name,words\n1,عمر,"He said ""no"",\nand left."\n\n,,\n2,"",x\n'.encode()
    assert rows(content) == [
        Row(2, {"key": "1", "name": "عمر", "words": 'He said "no",\nand left.'}),
        Row(5, {"key": "2", "name": "", "words": "x"}),
    ]


def test_ragged_rows_are_problems_of_their_own() -> None:
    found = rows(b"key,name\n1,Berg, Anna\n2\n3,Omar\n")
    assert "This row has 3 cells, the first row 2" in found[0].problem
    assert "A separator is missing" in found[1].problem
    assert found[2] == Row(4, {"key": "3", "name": "Omar"})


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\n\n", "The first row names no columns"),
        (b"key,name\n1,An\x00na\n", "A null byte stands on line 2"),
        (b"key,key\n1,2\n", "Two columns are named “key”"),
        (b"key,,name\n1,2,3\n", "Column 2 has no name"),
        (b'key,name\n1,"Anna\n2,Omar\n', "A quotation mark is left open"),
        (b"a" * 5_000_000, "A line is longer than"),
        (",".join(f"c{n}" for n in range(400_000)).encode(), "names 400,000 columns; 500 are the most"),
        (b"key,name\n1," + b"x" * 1_100_000 + b"\n", "longer than 1,000,000 characters"),
        (reading.OLD_OFFICE + b"x" * 100, "encrypted with a password, or of the old .xls kind"),
        (b"PK\x03\x04 and nothing more", "is damaged"),
    ],
)  # fmt: skip
def test_what_is_no_table_gets_a_sentence(content: bytes, sentence: str) -> None:
    assert sentence in refused(content)


def test_a_workbook_is_read_as_it_shows() -> None:
    import datetime as dt

    content = workbook(
        ["key", "name", "rank", "date", "head"],
        [1, " Anna ", 2.0, dt.datetime(2025, 2, 18), True],
        [None, None, None, None, None],
        ["2", "عمر", 2.5, None, False],
    )
    assert rows(content) == [
        Row(2, {"key": "1", "name": "Anna", "rank": "2", "date": "2025-02-18", "head": "yes"}),
        Row(4, {"key": "2", "name": "عمر", "rank": "2.5", "date": "", "head": "no"}),
    ]


def test_formulas_and_errors_in_cells_are_problems_with_their_place() -> None:
    found = rows(workbook(["key", "name"], [1, "=A1"], [2, "#REF!"], [3, "Anna"]))
    assert (found[0].column, found[0].problem[:27]) == ("name", "Cell B2 holds a formula. Pa")
    assert "Cell B3 holds an error (#REF!)" in found[1].problem
    assert found[2].cells["name"] == "Anna"


def test_merged_cells_are_refused_with_their_place() -> None:
    merged = workbook(["key", "name"], [1, "Anna"], [2, ""], also=lambda book: book.active.merge_cells("B2:B3"))  # fmt: skip
    assert "The cells B2:B3 are merged" in refused(merged)


def test_several_sheets_need_a_word_and_a_wrong_one_gets_one() -> None:
    content = workbook(["key", "name"], [1, "Anna"], also=lambda book: book.create_sheet("Notes"))
    assert "several sheets: “Sheet”, “Notes”" in refused(content)
    assert "has no sheet “People”, but “Sheet”, “Notes”" in refused(content, sheet="People")
    assert len(rows(content, sheet="Sheet")) == 1
    assert "A CSV file has no sheets" in refused(b"key\n1\n", sheet="Sheet")


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    file = io.BytesIO(workbook(["key"], [1]))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/bomb.xml", b"\x00" * 60_000_000)
    assert "far more than its size suggests" in refused(file.getvalue())


def test_a_zip_file_that_is_no_workbook_and_one_with_entities_are_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("letter.txt", "Dear editors")
    assert "but no workbook" in refused(file.getvalue())
    good, bad = io.BytesIO(workbook(["key"], [1])), io.BytesIO()
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(bad, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/workbook.xml":
                lol = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
                content = lol + content.replace(b"Sheet", b"&b;")
            new.writestr(name, content)
    assert refused(bad.getvalue())


def test_an_encrypted_zip_member_is_named_as_such() -> None:
    content = bytearray(workbook(["key"], [1]))
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1  # the directory's flag of encryption
    assert "encrypted with a password" in refused(bytes(content))
