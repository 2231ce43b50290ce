"""Decide the tables in one folder or bucket into another, on Spark.

    spark-submit ... decide_accounts.py s3a://claims/tables s3a://claims/verdicts

The tables are Parquet: `accounts`, and whichever of `premium`, `messages` and `permissions` there
are; see the docs, under "Tables".
"""

import sys

from pyspark.sql import SparkSession

from eligibility.batch import decide
from eligibility.rules import class_definition


def main(source: str, target: str) -> None:
    """Read the tables of one folder, and write the verdicts to another."""
    spark = SparkSession.builder.appName("eligibility").getOrCreate()
    names = ("accounts", "premium", "messages", "permissions")
    tables = {name: spark.read.parquet(f"{source}/{name}") for name in names}
    verdicts = decide(tables, class_definition())  # lazy: nothing has been run yet
    verdicts.write.mode("errorifexists").parquet(target)
    written = spark.read.parquet(target)
    written.groupBy("status").count().orderBy("status").show()
    written.where("status IS NULL").groupBy("problem").count().show(truncate=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
