"""Prints what learners saw in each Anki against what is expected; exits with 1 where they differ.

`matrix.py FOLDER` reads what stories.py left there, and removes the folder.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any


def main(folder: Path) -> int:
    """Print the table and return the exit code."""
    results = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")]
    if not results:
        print(f"No learner has left anything in {folder}.")
        return 1
    results.sort(key=lambda result: [int(part) for part in result["anki"].split(".")], reverse=True)
    shutil.rmtree(folder)
    columns = [result["rows"] for result in results]
    lines = [["", "expected", *(f"Anki {result['anki']}" for result in results)]]
    for rows in zip(*columns, strict=True):
        expected = " | ".join(dict.fromkeys(row["expected"] for row in rows))
        lines.append([rows[0]["what"], expected, *map(_cell, rows)])
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    stories = ["", *(row["story"] for row in columns[0])]
    for number, (story, line) in enumerate(zip(stories, lines, strict=True)):
        if number and story != stories[number - 1]:
            print(f"\n{story}")
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
        if advice := columns[0][number - 1]["advice"] if number else "":
            print(f"    Anki leaves no other way. {advice}")
    unexpected = sum(_differs(row) for rows in columns for row in rows)
    cells = sum(map(len, columns))
    print(f"\n{cells - unexpected} of {cells} cells as expected")
    return 1 if unexpected else 0


def _differs(row: dict[str, Any]) -> bool:
    return bool(row["seen"] != row["expected"])


def _cell(row: dict[str, Any]) -> str:
    return f"NOT: {row['seen']}" if _differs(row) else str(row["seen"])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
