# Commands of CAT CPNS. `make help` lists them.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/
PORT ?= 8000
export CATCPNS_PLAIN_HTTP ?= 1

.DEFAULT_GOAL := help

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/ready  ## set up, load the demonstration, serve it on http://127.0.0.1:8000
	@$(RUN)catcpns db upgrade
	@$(RUN)catcpns seeds load --demo
	@$(RUN)catcpns seeds banner --url http://127.0.0.1:$(PORT)
	@$(RUN)catcpns serve --port $(PORT)

test: $(VENV)/ready-test  ## install what the tests need, then run every check and test
	@scripts/need.sh chromium:chromium postgresql:/usr/lib/postgresql
	@$(MAKE) --no-print-directory check

check: $(VENV)/ready-test  ## what a review expects: style, types, tests
	$(RUN)ruff check .
	$(RUN)ruff format --check .
	$(RUN)mypy
	$(RUN)python -m pytest -q -n 2 --dist worksteal

study: $(VENV)/ready  ## simulate 10,000 people on the starter bank and print how well it measures
	@$(RUN)catcpns db upgrade
	@$(RUN)catcpns seeds load
	@$(RUN)catcpns pool study --persons 10000

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

.PHONY: help demo test check study clean
