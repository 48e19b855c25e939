"""Writes the panels of the benchmark, the same bytes on every run. Usage: panels.py FOLDER [UNITS ...]

panel_N.parquet       unit, time, y, first_treated (0 = never), x, cluster; N units x 10 periods, sorted by unit
unsorted_N.parquet    the same rows in an order drawn at random
unbalanced_N.parquet  the same without a tenth of the rows
"""
import pathlib
import sys

import numpy as np
import pandas as pd

PERIODS = 10


def panel(units: int) -> pd.DataFrame:
    rng = np.random.default_rng(20261123 + units)
    cohort = rng.choice([0, 4, 5, 6, 7, 8], size=units, p=[0.4, 0.15, 0.15, 0.1, 0.1, 0.1])
    level, x = rng.normal(size=units), rng.normal(size=units)
    time = np.arange(1, PERIODS + 1)
    treated = (cohort[:, None] > 0) & (time >= cohort[:, None])
    effect = np.where(treated, 1 + 0.2 * (time - cohort[:, None]), 0)
    noise = rng.normal(size=(units, PERIODS))
    y = level[:, None] + 0.1 * time + 0.05 * x[:, None] * time + effect + noise
    return pd.DataFrame(
        {
            "unit": np.repeat(np.arange(units), PERIODS),
            "time": np.tile(time, units),
            "y": y.ravel(),
            "first_treated": np.repeat(cohort, PERIODS),
            "x": np.repeat(x, PERIODS),
            "cluster": np.repeat(np.arange(units) % 500, PERIODS),
        }
    )


def write(frame: pd.DataFrame, path: pathlib.Path) -> None:
    if not path.exists():
        frame.to_parquet(path, compression="zstd", row_group_size=1_000_000, index=False)


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for units in [int(text) for text in sys.argv[2:]] or [100_000, 1_000_000]:
        kinds = [folder / f"{kind}_{units}.parquet" for kind in ("panel", "unsorted", "unbalanced")]
        # The largest serves to show that memory stays flat, and is not needed in other orders.
        kinds = kinds if units <= 1_000_000 else kinds[:1]
        if all(path.exists() for path in kinds):
            continue
        frame = panel(units)
        write(frame, kinds[0])
        if len(kinds) > 1:
            rng = np.random.default_rng(7)
            write(frame.iloc[rng.permutation(len(frame))], kinds[1])
            write(frame[rng.random(len(frame)) >= 0.1], kinds[2])


main()
