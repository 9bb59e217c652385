"""What stands on the limits sheet of plain notes."""

from pathlib import Path

import dump
from cheatdeck.derive.sections import derive
from cheatdeck.figures import on_one_sheet

NOTES = f"""<h1>Lights</h1><ul><li>seen from 20 miles away</ul>
<h2>Eddystone</h2><p>It is 49 metres tall, and flashes every 10 seconds.</p><p>Built of stone.</p>
<p>{"It was built again and again. " * 7}The first tower stood for 5 years. The last burns 2 kg an hour.</p>
<table><tr><td>Candles<td>24 of 2 kg each<tr><td>Lamp<td>burned oil of rape and olives at 1 litre an hour
<tr><td>Lens<td>at a ratio of 50:1 it holds at most 30 prisms of 2 kg</table>"""


def test_quantities_stand_beside_what_they_are_of(tmp_path: Path) -> None:
    (tmp_path / "notes.html").write_text(NOTES, encoding="utf-8")
    book, files = dump.read(tmp_path / "notes.html")
    rows = [(limit.section, limit.subject, limit.value) for limit in on_one_sheet(derive(book, files.plain))]
    assert rows == [
        ("lights", "seen from … away", "20 miles"),
        ("lights-eddystone", "Eddystone: It is … tall, and flashes every ….", "49 metres, 10 seconds"),
        ("lights-eddystone", "Eddystone: The first tower stood for ….", "5 years"),
        ("lights-eddystone", "Eddystone: The last burns ….", "2 kg an hour"),
        ("lights-eddystone", "Eddystone: Candles", "24 of 2 kg each"),
        ("lights-eddystone", "Eddystone: Lamp", "1 litre an hour"),
        ("lights-eddystone", "Eddystone: Lens", "50:1, 30, 2 kg"),
    ]
