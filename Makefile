# Commands of CAT CPNS. `make help` lists them.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/
PORT ?= 8000
export CATCPNS_PLAIN_HTTP ?= 1

.DEFAULT_GOAL := help

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: export CATCPNS_PUBLIC_URL ?= http://127.0.0.1:$(PORT)
demo: $(VENV)/ready  ## set up, load the demonstration, serve it on http://127.0.0.1:8000
	@$(RUN)catcpns db upgrade
	@$(RUN)catcpns seeds load --demo
	@$(RUN)catcpns seeds banner --url http://127.0.0.1:$(PORT)
	@$(RUN)catcpns serve --port $(PORT)

test: $(VENV)/ready-test  ## install what the tests need, then run every check and test
	@scripts/need.sh chromium:chromium nginx-light:/usr/share/nginx postgresql:/usr/lib/postgresql
	@$(MAKE) --no-print-directory check

check: $(VENV)/ready-test  ## what a review expects: style, types, tests
	$(RUN)ruff check .
	$(RUN)ruff format --check .
	$(RUN)mypy
	$(RUN)python -m pytest -q -n 2 --dist worksteal

study: $(VENV)/ready-test  ## recovery studies, every test on both databases, 10,000 people on the starter bank
	$(RUN)python -m pytest -q -m slow tests/science
	HYPOTHESIS_PROFILE=thorough $(RUN)python -m pytest -q -n 2 tests/cat
	CATCPNS_TESTS_ON=both $(RUN)python -m pytest -q -n 2 --dist worksteal tests/web
	$(RUN)python -m bench.calibration_recovery --json out/bench/calibration_recovery.json
	@$(RUN)catcpns db upgrade
	@$(RUN)catcpns seeds load
	@$(RUN)catcpns pool study --persons 10000 --out out/studi-tkd

bench: $(VENV)/ready-bench  ## speed and precision beside catsim and mirt on this machine; a nation
	$(RUN)python -m bench.peers --json out/bench/peers.json
	$(RUN)python -m bench.controlled --json out/bench/controlled.json
	$(RUN)python -m bench.live_step --json out/bench/live_step.json
	$(RUN)python -m bench.shadow --json out/bench/shadow.json
	$(RUN)python -m bench.nation --json out/bench/nation.json
	$(RUN)python -m bench.national --json out/bench/national.json
	$(RUN)python -m bench.national_postgres --json out/bench/national_postgres.json
	$(RUN)python -m bench.rescoring --json out/bench/rescoring.json
	$(RUN)python -m bench.exports --json out/bench/exports.json
	$(RUN)python -m bench.documents --json out/bench/documents.json
	$(RUN)python -m bench.bank_list --json out/bench/bank_list.json
	$(RUN)python -m bench.outage --json out/bench/outage.json
	$(RUN)python -m bench.faults --json out/bench/faults.json
	$(RUN)python -m bench.calibration --json out/bench/calibration.json
	$(RUN)python -m bench.load.day --json out/bench/day.json

clean:  ## remove the environment and the demonstration's database
	rm -rf $(VENV) instance build *.egg-info

$(VENV)/bin/pip:
	@scripts/venv.sh $(PYTHON) $(VENV)

$(VENV)/ready: $(VENV)/bin/pip pyproject.toml constraints.txt
	@echo "Memasang pustaka ..." >&2
	@$(RUN)pip install -q --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/ready-test: $(VENV)/ready
	@$(RUN)pip install -q --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@

$(VENV)/ready-bench: $(VENV)/ready
	@$(RUN)pip install -q --disable-pip-version-check -c constraints.txt -e '.[bench]'
	@touch $@

.PHONY: help demo test check study bench clean
