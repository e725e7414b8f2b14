"""Coverage-guided fuzzing of the readers with atheris; not collected by pytest.

Run it from an environment of its own that holds atheris beside Comity's dependencies:

    python -m venv /tmp/fuzz && /tmp/fuzz/bin/pip install atheris . && /tmp/fuzz/bin/python tests/sources/fuzz/read_any.py -max_total_time=60

The first byte chooses the reader. A reader may refuse a file by a named error; any other exception, or a line that is neither an event nor
in quarantine, ends the run with the bytes that did it (a file `crash-…`).
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["comity.sources"]):
    from comity.sources.forms import FORMS, form_of

from comity.vocab.errors import ComityError

SEEDS = {
    "gdelt_events": "817930293\t20190121\t201901\t2019\t2019.0575\tKORGOV\t\tKOR"
    + "\t" * 18
    + "041\t041\t04\t1\t1.0\t10\t2\t8\t-0.5"
    + "\t" * 25
    + "20190121220000\tu\n",
    "icews": "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tCAMEO Code\tIntensity\tTarget Name\tTarget Sectors\tTarget Country\tCountry\tLatitude\tLongitude\n"
    "1\t2018-06-01\tJapan\tNA\tJapan\t010\t0\tChina\tNA\tChina\tJapan\t35\t139\n",
    "provocations_csis": 'Date,Type,Event,Resources\n2017-03-01   -   2017-4-30,Military Exercise,"Foal Eagle",u\n2017-09-03,Nuclear Provocation,Test,u\n',
    "gdelt_list": "116513 71c3d5b0987d441b11455bdb51250801 http://data.gdeltproject.org/gdeltv2/20180328050000.export.CSV.zip\n",
    "missiles_cns": "date,time,series,missile,facility,landing,apogee,distance,bearing,outcome\n2022-11-02,22:57 (UTC),1.0,scud-b,sonchon,na,1,2,3,success\n",
}


def one_input(data: bytes) -> None:
    """Read the bytes as one form, chosen by the first of them, and ask for their form."""
    forms = list(FORMS.values())
    form = forms[data[0] % len(forms)] if data else forms[0]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        path.write_bytes(data[1:])
        with contextlib.suppress(ComityError):
            if form.read_list is not None:
                found = form.read_list(path)
                assert found.rows.height + found.quarantine.height == found.records
            elif form.read is not None:
                for batch in form.read(path):
                    assert batch.events.height + batch.quarantine["line"].drop_nulls().len() == batch.lines
        with contextlib.suppress(ComityError):
            form_of(path)


def main() -> None:
    """Write the seeds and run until libFuzzer's limits."""
    with tempfile.TemporaryDirectory() as corpus:
        for name, seed in SEEDS.items():
            (Path(corpus) / name).write_bytes(bytes([list(FORMS).index(name)]) + seed.encode())
        atheris.Setup([*sys.argv, corpus], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
