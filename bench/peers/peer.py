"""Times one estimator of one package in a process of its own. Usage: peer.py FILE ESTIMATOR

Prints one line of JSON: seconds to load the file, of the first and of the second call, and the estimate.
"""
import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")


def treated(df):
    df["treated"] = ((df.first_treated > 0) & (df.time >= df.first_treated)).astype(int)


def cs_diff_diff(df):
    from diff_diff import CallawaySantAnna

    model = CallawaySantAnna(control_group="not_yet_treated")
    return model.fit(df, outcome="y", unit="unit", time="time", first_treat="first_treated", aggregate="all").overall_att


def cs_csdid(df):
    from csdid.att_gt import ATTgt

    model = ATTgt(
        yname="y", gname="first_treated", idname="unit", tname="time", data=df, control_group="notyettreated"
    ).fit(est_method="reg", bstrap=False)
    model.aggte("dynamic", bstrap=False, cband=False)
    model.aggte("simple", bstrap=False, cband=False)
    return float(model.atte["overall_att"])


def imputation_diff_diff(df):
    from diff_diff import ImputationDiD

    model = ImputationDiD()
    return model.fit(
        df, outcome="y", unit="unit", time="time", first_treat="first_treated", aggregate="event_study"
    ).overall_att


def did_pyfixest(df):
    import pyfixest as pf

    treated(df)
    return float(pf.feols("y ~ treated | unit + time", df, vcov={"CRV1": "unit"}).coef().iloc[0])


def event_study_pyfixest(df):
    import pyfixest as pf

    df["event"] = (df.time - df.first_treated).where(df.first_treated > 0, -1).astype(int)
    return float(pf.feols("y ~ i(event, ref=-1) | unit + time", df, vcov={"CRV1": "unit"}).coef().iloc[-1])


def main() -> None:
    import pandas as pd

    path, name = sys.argv[1:3]
    start = time.perf_counter()
    frame = pd.read_parquet(path)
    load = time.perf_counter() - start
    seconds = []
    for _ in range(2):
        copy = frame.copy()
        start = time.perf_counter()
        estimate = globals()[name](copy)
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"load": load, "first": seconds[0], "second": seconds[1], "estimate": float(estimate)}))


main()
