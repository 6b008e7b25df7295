"""A table that the program wrote: CSV with a header."""

from __future__ import annotations

import csv
import io
from typing import Any, Iterator


def _value(cell: str) -> Any:
    """The number in a cell, or its text if it is not a number; None if the value is not known or missing."""
    if cell in ("", "-"):
        return None
    for kind in (int, float):
        try:
            return kind(cell)
        except ValueError:
            pass
    return cell


class Table:
    """Rows with named columns. Iteration yields a dict for each row; the other methods return the whole table."""

    def __init__(self, text: str):
        self._text = text

    def to_csv(self) -> str:
        """The table as CSV."""
        return self._text

    def to_pandas(self):
        """As a pandas.DataFrame."""
        import pandas

        return pandas.read_csv(io.StringIO(self._text), na_values=["-"], keep_default_na=False)

    def to_arrow(self):
        """As a pyarrow.Table."""
        from pyarrow import BufferReader
        from pyarrow import csv as arrow

        options = arrow.ConvertOptions(null_values=["-", ""], strings_can_be_null=True)
        return arrow.read_csv(BufferReader(self._text.encode()), convert_options=options)

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return next(csv.reader(io.StringIO(self._text)), [])

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for row in csv.DictReader(io.StringIO(self._text)):
            yield {name: _value(cell) for name, cell in row.items()}

    def __len__(self) -> int:
        return sum(1 for _ in csv.reader(io.StringIO(self._text))) - bool(self._text)

    def __getitem__(self, place: int) -> dict[str, Any]:
        return list(self)[place]

    def __repr__(self) -> str:
        return f"<Table of {len(self)} rows: {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        return self.to_pandas()._repr_html_()
