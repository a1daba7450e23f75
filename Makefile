.DEFAULT_GOAL := help
.PHONY: help setup run test check fix bench seed reset migrate migration shell say

PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
FROM ?= resident-1
ACCOUNT ?= oa
export PORT
ORM := $(BIN)/tortoise -c models.database.TORTOISE_ORM

help: ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1|/' | column -t -s '|'

.venv/run.stamp: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/setup.stamp: requirements.txt requirements-dev.txt .venv/run.stamp
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

setup: .venv/setup.stamp ## make .venv with all that tests and checks need

run: .venv/run.stamp ## service, worker and sandbox with the demo community, on PORT (8000)
	@$(BIN)/python -m scripts.run

test: setup ## all tests; those that need PostgreSQL, Redis or Chromium skip where they are missing
	$(BIN)/pytest -n auto --dist loadgroup $(T)

check: setup ## what CI checks: format, lint, types, layers, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m scripts.migrations_complete

fix: setup ## format and mend what can be mended by machine
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup ## measure; a table here, JSON under var/bench/; B=kills is the long one
	$(BIN)/python -m bench $(B)

seed: .venv/run.stamp migrate ## load the demo community; may be repeated
	$(BIN)/python -m scripts.seed

reset: ## throw the local database away
	rm -f var/xianglin.sqlite3 var/xianglin.sqlite3-wal var/xianglin.sqlite3-shm

migrate: .venv/run.stamp ## bring the database to the newest migration
	@mkdir -p var
	@$(ORM) migrate

migration: setup ## write a migration for changed models: make migration N=name
	$(ORM) makemigrations -n $(N)

shell: setup ## a Python shell with the database open
	$(BIN)/python -m scripts.shell

# By way of the environment: the shell must not read quotes and dollars in what is said.
say: export SAID = $(value T)
say: .venv/run.stamp ## send one signed message: make say T="我家楼上漏水" FROM=resident-1
	@$(BIN)/python -m sandbox.say --from "$(FROM)" --account "$(ACCOUNT)" --base "http://127.0.0.1:$(PORT)" \
		-- $${SAID:+"$$SAID"}
