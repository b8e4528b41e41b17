"""Real XGBoost at the other end of bench/xgboost.ts: scores files that Telltale wrote, and writes files of its own.

One JSON object on stdin, {"ours": [{"model": path, "rows": [[...]]}], "theirs": [{"objective", "rows", "labels", "path"}]},
one on stdout. A null in a row is a missing value.
"""
import json
import sys

import numpy as np
import xgboost as xgb


def matrix(rows, names=None, labels=None):
    x = np.array([[np.nan if v is None else v for v in row] for row in rows], dtype=np.float32)
    return xgb.DMatrix(x, label=labels, feature_names=names)


asked = json.load(sys.stdin)
scores = []
for case in asked["ours"]:
    booster = xgb.Booster(model_file=case["model"])
    found = booster.predict(matrix(case["rows"], booster.feature_names), strict_shape=True)
    scores.append(found.astype(float).tolist())

made = []
for case in asked["theirs"]:
    params = {"objective": case["objective"], "eta": 0.2, "max_depth": 5, "nthread": 1, "seed": 7, "subsample": 0.8}
    if case["objective"] == "multi:softprob":
        params["num_class"] = 1 + max(case["labels"])
    names = [f"f{i}" for i in range(len(case["rows"][0]))]
    data = matrix(case["rows"], names, case["labels"])
    booster = xgb.train(params, data, 60)
    booster.save_model(case["path"])
    made.append(booster.predict(matrix(case["rows"], names), strict_shape=True).astype(float).tolist())

json.dump({"version": xgb.__version__, "scores": scores, "made": made}, sys.stdout)
