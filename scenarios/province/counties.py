"""The seed table of the province: twelve invented counties.

    python scenarios/province/counties.py    writes counties.csv, the same each time

Names and numbers are generated; no county is meant. Population spreads from 300,000 to 1,200,000, small ones
more often; a county has an office for every 130,000 people and six to eight more; three to seven in ten
people live in villages; the staff is 12 % under to 12 % over what the work asks for.
"""

import csv
import io
import random
from pathlib import Path

FOLDER = Path(__file__).parent
NAMES = {
    "Chengxi": "澄溪县",
    "Muhe": "沐河县",
    "Qiyuan": "栖原县",
    "Tingbei": "汀北县",
    "Cennan": "岑南县",
    "Weitang": "苇塘县",
    "Zhangling": "樟岭县",
    "Fengdu": "枫渡县",
    "Jichuan": "霁川县",
    "Tongpu": "桐浦县",
    "Ruipi": "瑞陂县",
    "Suyang": "溯阳县",
}
COLUMNS = ("county", "en", "zh", "population", "rural_share", "offices", "staff_ratio")


def table(seed: int = 20250101) -> str:
    """counties.csv; only `random()` is used, which Python keeps the same in all its versions."""
    chance = random.Random(seed).random
    file = io.StringIO()
    write = csv.writer(file, lineterminator="\n").writerow
    write(COLUMNS)
    for en, zh in NAMES.items():
        people = 10_000 * round(30 * 4 ** chance())
        offices = 6 + round(people / 130_000) + int(3 * chance())
        rural, ratio = 0.3 + 0.4 * chance(), 0.88 + 0.24 * chance()
        write((en.lower(), en, zh, people, f"{rural:.2f}", offices, f"{ratio:.2f}"))
    return file.getvalue()


if __name__ == "__main__":
    (FOLDER / "counties.csv").write_text(table(), encoding="utf-8", newline="\n")
