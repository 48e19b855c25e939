"""Writes what diff-diff says of five treated states, by bootstrap and by jackknife. Usage: make_sdid_several.py DATADIR OUTDIR.

The bootstrap and the jackknife need more than one treated unit, which the California study has not: four states are taken
along for the sake of the arithmetic."""
import importlib.metadata as md
import json
import pathlib
import sys
import warnings

import diff_diff as dd
import pandas as pd

warnings.filterwarnings("ignore")
data, out = map(pathlib.Path, sys.argv[1:3])
treated = ["California", "Colorado", "Nevada", "Montana", "Utah"]
panel = pd.read_csv(data / "california_prop99.csv", sep=None, engine="python")
panel["treated"] = panel.State.isin(treated).astype(int)
for variance, draws in (("bootstrap", 1000), ("jackknife", 200)):
    fit = dd.SyntheticDiD(variance_method=variance, n_bootstrap=draws, seed=1).fit(
        panel, outcome="PacksPerCapita", treatment="treated", unit="State", time="Year", post_periods=list(range(1989, 2001)))
    spec = dict(data="california_prop99.csv", outcome="PacksPerCapita", unit="State", time="Year", treated=treated,
                first_treated_period=1989, variance=variance, n=draws, seed=1)
    text = json.dumps(dict(reference=f"diff-diff {md.version('diff-diff')}", spec=spec, result=dict(att=fit.att, se=fit.se)), indent=1)
    (out / f"sdid_five_states_{variance}.json").write_text(text + "\n")
