"""Holds `counterpart estimate` against pyfixest, csdid and diff-diff on panels made here.

Usage: python bench/second_opinion_estimates.py PROGRAM [WORDS…]   (WORDS: only comparisons whose name holds one of them)

Points to 1e-8, analytic standard errors to 1e-6, relative to the larger of 1 and the value. What the pages of
`docs/estimators` say is done otherwise is listed in DOCUMENTED and counted apart. Leaves 1 where anything else differs.
"""
import contextlib, io, json, os, subprocess, sys, tempfile, warnings
import numpy as np, pandas as pd
warnings.filterwarnings("ignore")
PROGRAM, WORDS = sys.argv[1], sys.argv[2:]
FOLDER = tempfile.mkdtemp()
POINT, ERROR = 1e-8, 1e-6
DOCUMENTED = {
    "hc2": "ols.md: HC2 and HC3 without a further factor, as MacKinnon and White, R sandwich, statsmodels",
    "hc3": "ols.md",
    "sunab gap": "sun-abraham.md: a cohort never seen at the reference is left out",
}
count, faults, explained = 0, [], []


def panel(seed, units=60, periods=8, cohorts=(4, 6), sizes=None, missing=0.0, clusters=None, gap=None, strings=False, never=True):
    """One row a unit and period; g is 0 for never treated."""
    r = np.random.default_rng(seed)
    if sizes is None:
        g = r.choice(list(cohorts) + ([0, 0] if never else []), units)
    else:
        g = np.concatenate([np.repeat(cohorts, sizes), np.zeros(units - int(np.sum(sizes)), int)])
    k = clusters or units
    group = np.arange(units) % k if clusters is None else r.integers(0, k, units)
    rows = []
    for i in range(units):
        level, x, w, shock = r.normal(), r.normal(), r.uniform(0.5, 2), 0.0
        for t in range(1, periods + 1):
            shock = 0.5 * shock + r.normal()
            if t == gap or r.uniform() < missing:
                continue
            y = level + 0.2 * t + shock + 0.3 * x * t / periods + (g[i] > 0 and t >= g[i]) * (1 + 0.3 * (t - g[i]))
            rows.append((f"u{i:03}" if strings else i + 1, t, y, int(g[i]), x, r.normal(), w, int(group[i]) + 1))
    return pd.DataFrame(rows, columns=["id", "t", "y", "g", "x", "z", "w", "c"])


def ours(data, method, *options, form="csv"):
    path = os.path.join(FOLDER, f"panel.{form}")
    data.to_csv(path, index=False) if form == "csv" else data.to_parquet(path, index=False)
    known = "--outcome y --unit id --time t".split() if method != "ols" else "--outcome y".split()
    if method != "ols" and not any(o in ("--treated", "--dose") for o in options):
        known += ["--first-treated", "g"]
    done = subprocess.run([PROGRAM, "estimate", path, *known, "--method", method, "--format", "json", *options], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"exit {done.returncode}: " + " ".join((done.stderr or done.stdout).split())[:260])
    return json.loads(done.stdout)


def near(a, b, tolerance):
    return abs(a - b) <= tolerance * max(1.0, abs(b))


def hold(name, mine, theirs):
    """mine, theirs: {key: (estimate, std_error or None)}; only keys of both are held, and some must be."""
    global count
    bad = []
    both = [k for k in theirs if k in mine]
    for k in both:
        (a, sa), (b, sb) = mine[k], theirs[k]
        if b is None or not np.isfinite(b):
            continue
        if not near(a, b, POINT):
            bad.append(f"{k}: {a!r} against {b!r}")
        if sb is not None and np.isfinite(sb):
            if sa is None:
                bad.append(f"{k}: no standard error, theirs {sb!r}") if sb > 1e-7 else None
            elif not near(sa, sb, ERROR):
                bad.append(f"{k}: se {sa!r} against {sb!r} ({sa / sb - 1:+.2e})")
    missing = [k for k in theirs if k not in mine and theirs[k][0] is not None and np.isfinite(theirs[k][0])]
    if not both or missing:
        bad.append(f"not in ours: {missing[:5]}")
    count += 1
    if bad:
        why = next((w for k, w in DOCUMENTED.items() if k in name), None)
        (explained if why else faults).append((name, bad))


def check(name, build):
    if WORDS and not any(w in name for w in WORDS):
        return
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            both = build()
        hold(name, *both)
    except Exception as e:
        faults.append((name, [f"{type(e).__name__}: {str(e)[:300]}"]))


def rows(answer, aggregation=None):
    found = {}
    for e in answer["estimates"]:
        a = e.get("aggregation")
        if aggregation == a:
            key = ("cell", e["group"], e["time"]) if a == "group_time" else (a, e.get("event_time", e.get("group", e.get("time"))))
            found[key] = (e["estimate"], e.get("std_error"))
    return found


# ---- regressions -----------------------------------------------------------------------------------------------
def regressions():
    import pyfixest as pf
    makers = {
        "balanced": lambda: panel(1), "unbalanced": lambda: panel(2, missing=0.1), "small": lambda: panel(3, 14, 6, (3, 5), (2, 3)),
        "gap": lambda: panel(4, gap=3), "clusters5": lambda: panel(5, clusters=5), "clusters50": lambda: panel(6, 200, clusters=50, missing=0.1),
        "strings": lambda: panel(7, strings=True, missing=0.2), "onecohort": lambda: panel(8, cohorts=(5,)), "many": lambda: panel(9, 120, 12, (3, 4, 5, 7, 9, 11)),
        "singletons": lambda: panel(10, 80, 5, (3,), missing=0.55),
    }
    for tag, make in makers.items():
        d = make()
        d["d"] = ((d.g > 0) & (d.t >= d.g)).astype(int)
        first = d.groupby("id").t.transform("min")
        d = d[~((d.g > 0) & (d.g <= d.t.min()))]
        form = "parquet" if len(tag) % 2 else "csv"
        for v, pv in (("iid", "iid"), ("hc1", "HC1"), ("hc2", "HC2"), ("hc3", "HC3"), ("cluster", {"CRV1": "id"})):
            for cov in ((), ("x2",)):
                for w in (None, "w"):
                    if v in ("hc2", "hc3"):
                        continue  # pyfixest has none with absorbed effects
                    e = d.assign(x2=d.z)
                    options = ["--variance", v] + (["--covariates", "x2"] if cov else []) + (["--weights", "w"] if w else [])
                    right = "y ~ d" + (" + x2" if cov else "") + " | id + t"
                    def build(e=e, options=options, right=right, pv=pv, w=w, form=form):
                        m = pf.feols(right, e, vcov=pv, weights=w, demeaner=None, fixef_tol=1e-12)
                        a = ours(e, "did", *options, form=form)
                        return {"d": (a["estimates"][0]["estimate"], a["estimates"][0].get("std_error"))}, {"d": (m.coef()["d"], m.se()["d"])}
                    check(f"did {tag} {v} {'cov ' if cov else ''}{'weights' if w else ''}", build)
        for label, cl in (("c", "c"), ("c,t", "c+t"), ("id,t", "id+t")):
            def build(d=d, label=label, cl=cl):
                m = pf.feols("y ~ d | id + t", d, vcov={"CRV1": cl}, fixef_tol=1e-12)
                a = ours(d, "did", "--cluster", label)["estimates"][0]
                return {"d": (a["estimate"], a.get("std_error"))}, {"d": (m.coef()["d"], m.se()["d"])}
            check(f"did {tag} cluster {label}", build)
        # event study, never treated carry the reference
        def build(d=d, form=form):
            e = d.assign(rel=np.where(d.g > 0, d.t - d.g, -1))
            m = pf.feols("y ~ i(rel, ref=-1) | id + t", e, vcov={"CRV1": "id"}, fixef_tol=1e-12)
            theirs = {("dynamic", int(k.split("::")[1].strip("]").replace("T.", ""))) if "::" in k else k: (m.coef()[k], m.se()[k]) for k in m.coef().index}
            a = ours(d, "event-study", form=form)
            return {("dynamic", e["event_time"]): (e["estimate"], e.get("std_error")) for e in a["estimates"] if "event_time" in e}, theirs
        check(f"event-study {tag}", build)
        def build(d=d):
            m = pf.feols("y ~ x + z | c + t", d, vcov={"CRV1": "c"}, weights="w", fixef_tol=1e-12)
            a = ours(d, "ols", "--covariates", "x,z", "--absorb", "c,t", "--cluster", "c", "--weights", "w")
            return {e["term"]: (e["estimate"], e.get("std_error")) for e in a["estimates"]}, {k: (m.coef()[k], m.se()[k]) for k in m.coef().index}
        check(f"ols {tag} absorb c,t weights", build)
        for v, pv in (("iid", "iid"), ("hc1", "HC1"), ("hc2", "HC2"), ("hc3", "HC3")):
            for w in (None, "w"):
                def build(d=d, v=v, pv=pv, w=w):
                    m = pf.feols("y ~ x + z", d, vcov=pv, weights=w)
                    a = ours(d, "ols", "--covariates", "x,z", "--variance", v, *(["--weights", w] if w else []))
                    names = {"intercept": "Intercept"}
                    return {names.get(e["term"], e["term"]): (e["estimate"], e.get("std_error")) for e in a["estimates"]}, {k: (m.coef()[k], m.se()[k]) for k in m.coef().index}
                check(f"ols {tag} {v} {'weights' if w else ''}", build)


# ---- group-time effects --------------------------------------------------------------------------------------------
def group_time():
    from csdid.att_gt import ATTgt
    makers = {
        "balanced": lambda: panel(21), "small": lambda: panel(22, 24, 6, (3, 5), (4, 5)), "gap": lambda: panel(23, gap=3), "clusters20": lambda: panel(24, 120, clusters=20),
        "many": lambda: panel(25, 150, 10, (3, 4, 6, 8)), "onecohort": lambda: panel(26, cohorts=(5,)), "strings": lambda: panel(27, strings=True),
        "unbalanced": lambda: panel(28, missing=0.1), "late": lambda: panel(29, cohorts=(4, 20)), "start": lambda: panel(30, cohorts=(1, 4)),
    }
    for tag, make in makers.items():
        d = make()
        ids = {u: n + 1 for n, u in enumerate(sorted(d.id.unique()))}
        n = d.assign(id=d.id.map(ids))
        form = "parquet" if len(tag) % 2 else "csv"
        for control in ("never", "not-yet"):
            for base in ("varying", "universal"):
                for method, cov in (("reg", None), ("reg", "x"), ("ipw", "x"), ("dr", "x")):
                    for anticipation in (0, 1):
                        for extra in ("", "clusters", "weights"):
                            if extra == "clusters" and tag != "clusters20" or extra == "weights" and tag not in ("balanced", "many"):
                                continue
                            if anticipation and (cov and method != "dr" or extra):
                                continue
                            options = ["--control", control, "--base-period", base, "--anticipation", str(anticipation), "--aggregate", "simple,group,dynamic,calendar,group-time"]
                            if cov: options += ["--covariates", cov, "--covariate-method", method]
                            if extra == "clusters": options += ["--cluster", "c"]
                            if extra == "weights": options += ["--weights", "w"]
                            def build(d=d, n=n, tag=tag, control=control, base=base, method=method, cov=cov, anticipation=anticipation, extra=extra, options=options, form=form):
                                r = ATTgt(yname="y", gname="g", idname="id", tname="t", data=n.copy(), control_group=["nevertreated" if control == "never" else "notyettreated"], xformla=f"y~{cov}" if cov else None,
                                          cband=False, anticipation=anticipation, weights_name="w" if extra == "weights" else None, clustervar="c" if extra == "clusters" else None, allow_unbalanced_panel=False).fit(est_method=method, base_period=base, bstrap=False)
                                theirs = {("cell", int(g), int(t)): (a, s) for g, t, a, s in zip(r.results["group"], r.results["year"], r.results["att"], r.results["se"])}
                                if extra != "clusters":
                                    for kind in ("simple", "dynamic", "group", "calendar"):
                                        r.aggte(kind, bstrap=False, cband=False, na_rm=True)
                                        x = r.atte
                                        theirs[(kind, None)] = (x["overall_att"], x["overall_se"][0] if np.ndim(x["overall_se"]) else x["overall_se"])
                                        if kind != "simple":
                                            for k, a, s in zip(x["egt"], x["att_egt"], np.ravel(x["se_egt"])):
                                                theirs[(kind, int(k))] = (a, s)
                                a = ours(d, "callaway-santanna", *options, *(["--panel", "balanced"] if tag == "unbalanced" else []), form=form)
                                mine = {}
                                for kind in ("simple", "group", "dynamic", "calendar", "group_time"):
                                    mine |= rows(a, kind)
                                return mine, theirs
                            check(f"cs {tag} {control} {base} {method if cov else 'none'} ant{anticipation} {extra}", build)


def incomplete():
    import diff_diff as dd
    from csdid.att_gt import ATTgt
    for seed in (31, 32, 33):
        d = panel(seed, 90, missing=0.1)
        for control in ("never", "not-yet"):
            for base in ("varying", "universal"):
                options = ["--control", control, "--base-period", base, "--aggregate", "simple,dynamic,group,calendar,group-time"]
                def build(d=d, control=control, base=base, options=options):
                    r = dd.CallawaySantAnna(control_group="never_treated" if control == "never" else "not_yet_treated", base_period=base, estimation_method="reg").fit(d, outcome="y", unit="id", time="t", first_treat="g", aggregate="all")
                    theirs = {("cell", int(k[0]), int(k[1])): (v["effect"], v["se"]) for k, v in r.group_time_effects.items()} | {("simple", None): (r.overall_att, r.overall_se)}
                    a = ours(d, "callaway-santanna", *options)
                    del theirs[("simple", None)]  # another n_g in each cell: callaway-santanna.md
                    return rows(a, "group_time"), theirs
                check(f"cs pairs {seed} {control} {base} diff-diff", build)
                def build(d=d, control=control, base=base, options=options):
                    r = ATTgt(yname="y", gname="g", idname="id", tname="t", data=d.copy(), control_group=["nevertreated" if control == "never" else "notyettreated"], cband=False, allow_unbalanced_panel=True).fit(est_method="reg", base_period=base, bstrap=False)
                    theirs = {("cell", int(g), int(t)): (a, s) for g, t, a, s in zip(r.results["group"], r.results["year"], r.results["att"], r.results["se"])}
                    r.aggte("simple", bstrap=False, cband=False)
                    theirs[("simple", None)] = (r.atte["overall_att"], float(np.ravel(r.atte["overall_se"])[0]))
                    a = ours(d, "callaway-santanna", "--panel", "cross-section", *options)
                    return rows(a, "simple") | rows(a, "group_time"), theirs
                check(f"cs cross-section {seed} {control} {base} csdid", build)


# ---- Sun–Abraham, imputation --------------------------------------------------------------------------------------
def staggered():
    import diff_diff as dd
    makers = {
        "balanced": lambda: panel(41), "unbalanced": lambda: panel(42, missing=0.1), "small": lambda: panel(43, 24, 6, (3, 5), (4, 5)), "many": lambda: panel(44, 150, 10, (3, 4, 6, 8)),
        "strings": lambda: panel(45, strings=True), "clusters20": lambda: panel(46, 120, clusters=20), "gap": lambda: panel(47, gap=3),
    }
    for tag, make in makers.items():
        d = make()
        for cl in (None, "c"):
            if cl and tag != "clusters20":
                continue
            def build(d=d, cl=cl):
                r = dd.SunAbraham(cluster=cl or "id").fit(d, outcome="y", unit="id", time="t", first_treat="g")
                theirs = {("dynamic", int(k)): (v["effect"], v["se"]) for k, v in r.event_study_effects.items()}
                a = ours(d, "sun-abraham", *(["--cluster", cl] if cl else []))
                mine = rows(a, "dynamic")
                mine |= rows(a, "simple"); theirs[("simple", None)] = (r.overall_att, r.overall_se)
                return mine, theirs
            check(f"sunab {tag} {cl or ''}", build)
            def build(d=d, cl=cl):
                r = dd.ImputationDiD(cluster=cl).fit(d, outcome="y", unit="id", time="t", first_treat="g", aggregate="all")
                theirs = {("simple", None): (r.overall_att, r.overall_se)}
                theirs |= {("dynamic", int(k)): (v["effect"], v["se"]) for k, v in r.event_study_effects.items() if k >= 0}
                theirs |= {("group", int(k)): (v["effect"], v["se"]) for k, v in r.group_effects.items()}
                a = ours(d, "imputation", "--aggregate", "simple,dynamic,group", *(["--cluster", cl] if cl else []))
                mine = {}
                for kind in ("simple", "dynamic", "group"):
                    mine |= rows(a, kind)
                return mine, theirs
            check(f"imputation {tag} {cl or ''}", build)
        def build(d=d):
            e = d.assign(zz=d.z)
            r = dd.ImputationDiD().fit(e, outcome="y", unit="id", time="t", first_treat="g", covariates=["zz"])
            a = ours(e, "imputation", "--covariates", "zz")
            return rows(a, "simple"), {("simple", None): (r.overall_att, r.overall_se)}
        check(f"imputation {tag} covariate", build)


# ---- synthetic -----------------------------------------------------------------------------------------------------
def synthetic():
    import diff_diff as dd
    for seed, (n, periods, treated, onset) in enumerate([(20, 16, 1, 12), (30, 20, 4, 15), (12, 30, 1, 22), (40, 12, 6, 9)]):
        d = panel(60 + seed, n, periods, (onset,), (treated,))
        d["tr"] = (d.g > 0).astype(int)
        for variance in ("jackknife", "placebo"):
            def build(d=d, onset=onset, treated=treated, periods=periods, variance=variance):
                if variance == "jackknife" and treated == 1:
                    r = dd.SyntheticDiD(variance_method="placebo", n_bootstrap=20, seed=1).fit(d, outcome="y", treatment="tr", unit="id", time="t", post_periods=list(range(onset, periods + 1)))
                    a = ours(d, "synthetic-did", "--solver", "reference")["estimates"][0]
                    return {"att": (a["estimate"], None)}, {"att": (r.att, None)}
                r = dd.SyntheticDiD(variance_method=variance, n_bootstrap=200, seed=1).fit(d, outcome="y", treatment="tr", unit="id", time="t", post_periods=list(range(onset, periods + 1)))
                a = ours(d, "synthetic-did", "--solver", "reference", "--inference", variance)["estimates"][0]
                return {"att": (a["estimate"], a.get("std_error") if variance == "jackknife" else None)}, {"att": (r.att, r.se if variance == "jackknife" else None)}
            check(f"sdid {n}x{periods} {treated} treated {variance}", build)


for part in (regressions, group_time, incomplete, staggered, synthetic):
    part()
for name, bad in faults:
    print("DIFFERS  ", name)
    for line in bad[:4]:
        print("            ", line)
print(f"{count} comparisons, {len(faults)} differ, {len(explained)} differ as documented")
sys.exit(bool(faults))
