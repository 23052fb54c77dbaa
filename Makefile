# make lint   set up what is missing, build, and lint the miniature Xen tree in fixtures/
# make test   set up what is missing, build, and run all tests
# make test-hook   the hooks of .pre-commit-hooks.yaml, also the one that pre-commit builds
# make docs   make docs/rules/ from the rule pack
# make xen-audit   the rows of a real tree that are to be read, and that none is unknown
# make fuzz   generate N programs, run them, and compare what they return with what the analysis says
#
# make install [PREFIX=/usr/local] [DESTDIR=]    program, rules, man page, completions, documentation
# make uninstall [PREFIX=/usr/local] [DESTDIR=]
# make dist      a tarball in dist/ that needs libclang but no Swift
#
# All work from a fresh clone on Debian with Swift. See CONTRIBUTING.md.

SWIFT ?= swift
MINI_XEN := fixtures/mini-xen
FIXTURE_BUILDS := $(CURDIR)/.build-fixtures
RELEASE = $(shell $(SWIFT) build -c release --show-bin-path 2>/dev/null)/xenwidth

.PHONY: all build lint test test-hook docs bench xen-audit fuzz clean setup fixtures python standalone install uninstall dist
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

# The hook that pre-commit builds from the last commit, too: some minutes more.
test-hook: setup python
	$(SWIFT) build --build-tests
	XENWIDTH_TEST_SWIFT_HOOK=1 XENWIDTH_PYTHON='$(CURDIR)/.build-python/bin/python3' \
	    $(SWIFT) test --skip-build --filter preCommit

docs: build
	@'$(RELEASE)' rules docs docs/rules --rules rules

# make bench TREE=/path/of/xen BUILD_DIR=/path/of/its/build
TREE ?= $(MINI_XEN)
BUILD_DIR ?= $(FIXTURE_BUILDS)/arm64
bench: build $(if $(filter $(MINI_XEN),$(TREE)),fixtures)
	@sh tools/bench.sh '$(RELEASE)' '$(TREE)' '$(BUILD_DIR)'

# make xen-audit XEN=/path/of/xen BUILD='/path/of/a/build /path/of/another'
xen-audit: build
	@[ -n '$(XEN)' ] && [ -n '$(BUILD)' ] || { echo "make xen-audit XEN=TREE BUILD='DIR...': which tree, and which builds of it?" >&2; exit 2; }
	@sh tools/xen-audit.sh '$(RELEASE)' '$(XEN)' $(BUILD)

# The Swift runtime goes into the program, so that it runs where there is no Swift. Not the build of `make build`: that one
# would be made anew each time the two take turns.
PREFIX ?= /usr/local
DESTDIR ?=
STANDALONE := .build-standalone
standalone: setup
	$(SWIFT) build -c release --product xenwidth --static-swift-stdlib --scratch-path $(STANDALONE)

install: standalone
	@sh tools/install.sh install $(STANDALONE)/release/xenwidth '$(PREFIX)' '$(DESTDIR)'

uninstall:
	@sh tools/install.sh uninstall - '$(PREFIX)' '$(DESTDIR)'

dist: standalone
	@sh tools/dist.sh $(STANDALONE)/release/xenwidth dist

# make fuzz N=1000 FIRST=1 FUZZ_FLAGS='--model lp64 --keep fixtures/soundness'
N ?= 1000
FIRST ?= 1
fuzz: setup
	$(SWIFT) build -c release --product xenwidth-fuzz
	'$(dir $(RELEASE))xenwidth-fuzz' --first $(FIRST) --count $(N) $(FUZZ_FLAGS)

clean:
	rm -rf .build .build-python .build-fixtures $(STANDALONE) dist
