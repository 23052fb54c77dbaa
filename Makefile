# make lint   set up what is missing, build, and lint the miniature Xen tree in fixtures/
# make test   set up what is missing, build, and run all tests
# make fuzz   generate N programs, run them, and compare what they return with what the analysis says
#
# Both work from a fresh clone on Debian with Swift. See CONTRIBUTING.md.

SWIFT ?= swift
MINI_XEN := fixtures/mini-xen
FIXTURE_BUILDS := $(CURDIR)/.build-fixtures
RELEASE = $(shell $(SWIFT) build -c release --show-bin-path 2>/dev/null)/xenwidth

.PHONY: all build lint test bench fuzz clean setup fixtures python
.NOTPARALLEL:

all: build

# What Debian calls the things that are needed; nothing happens where they are there.
setup:
	@sh tools/setup.sh

build: setup
	$(SWIFT) build -c release --product xenwidth

# The finding is expected: what fails this target is its absence.
lint: build fixtures
	@sh tools/lint-mini-xen.sh '$(RELEASE)' '$(MINI_XEN)' '$(FIXTURE_BUILDS)'

fixtures: setup
	@for arch in arm64 x86_64; do \
	    $(MAKE) --no-print-directory -C $(MINI_XEN)/xen XEN_TARGET_ARCH=$$arch \
	        O='$(FIXTURE_BUILDS)/'$$arch defconfig build || exit; \
	done

# jsonschema and sarif-tools read what the program writes; without them those tests say so and are skipped.
python:
	@sh tools/python-env.sh .build-python

test: setup python
	$(SWIFT) build --build-tests
	XENWIDTH_PYTHON='$(CURDIR)/.build-python/bin/python3' $(SWIFT) test --skip-build

# make bench TREE=/path/of/xen BUILD_DIR=/path/of/its/build
TREE ?= $(MINI_XEN)
BUILD_DIR ?= $(FIXTURE_BUILDS)/arm64
bench: build $(if $(filter $(MINI_XEN),$(TREE)),fixtures)
	@sh tools/bench.sh '$(RELEASE)' '$(TREE)' '$(BUILD_DIR)'

# make fuzz N=1000 FIRST=1 FUZZ_FLAGS='--model lp64 --shrink 5'
N ?= 1000
FIRST ?= 1
fuzz: setup
	$(SWIFT) build -c release --product xenwidth-fuzz
	'$(dir $(RELEASE))xenwidth-fuzz' --first $(FIRST) --count $(N) $(FUZZ_FLAGS)

clean:
	rm -rf .build .build-python .build-fixtures
