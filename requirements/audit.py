"""Are there known faults in what the desk and the library rest on? Asks the package index about every pinned version.

    python requirements/audit.py requirements/dev.txt

Ends with 1 where a fault is known. An index that does not tell of faults (a mirror) is said so, with how many versions were not asked about.
"""

from __future__ import annotations

import json
import subprocess
import sys


def main(pinned: str) -> int:
    """Ask, and tell."""
    words = [sys.executable, "-m", "pip_audit", "-r", pinned, "--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    asked = subprocess.run(words, capture_output=True, text=True, check=False)
    try:
        found = json.loads(asked.stdout)["dependencies"]
    except (ValueError, KeyError):
        print(asked.stderr.strip().splitlines()[-1] if asked.stderr.strip() else "pip-audit gave no answer", file=sys.stderr)
        print(f"{pinned}: known faults could not be asked about", file=sys.stderr)
        return 0
    skipped = sum("skip_reason" in one for one in found)
    faults = [(one["name"], one["version"], fault) for one in found for fault in one.get("vulns", ())]
    for name, version, fault in faults:
        print(f"{name} {version}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'no version yet'}", file=sys.stderr)
    print(
        f"{pinned}: {len(found) - skipped} of {len(found)} versions asked about, {len(faults)} known faults"
        + ("; the index tells nothing of the others" if skipped else "")
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
