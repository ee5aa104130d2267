# bridge - one Makefile for the whole tree; `make help` lists what it does.
#
# Objects go to build/ (build/<sanitizers>/ with SANITIZE=...); nothing is
# written beside the sources. Set V=1 to see the commands.

PREFIX     ?= /usr/local
DESTDIR    ?=
SANITIZE   ?=
WERROR     ?= $(if $(CI),1,)
VERSION    := 0.1.0

comma      := ,
B          := build$(if $(SANITIZE),/$(subst $(comma),-,$(SANITIZE)))
Q          := $(if $(V),,@)
say         = $(if $(V),,@printf '  %-8s %s\n' "$(1)" "$(2)")

PKGS       := libgit2 yaml-0.1 libcurl jansson libuv libpcre2-8 libidn2
TEST_PKGS  := cmocka

# The one list of what must be installed, by Debian's names.
DEBIAN_BUILD := gcc make pkg-config libgit2-dev libyaml-dev \
		libcurl4-openssl-dev libjansson-dev libuv1-dev libpcre2-dev \
		libidn2-dev zlib1g-dev
DEBIAN_RUN   := openssh-client
DEBIAN_TEST  := libcmocka-dev openssh-server git python3 procps \
		iproute2 nftables strace faketime bsdextrautils graphviz pre-commit \
		zsh fish mandoc tmux dpkg-dev debootstrap

DEBIAN_BENCH := autossh yamllint python3-jsonschema python3-yaml

LIBEXECDIR := $(PREFIX)/libexec/bridge
UNITDIR    := $(PREFIX)/lib/systemd/user
ZSHDIR     ?= $(PREFIX)/share/zsh/site-functions
MANDIR     := $(PREFIX)/share/man

# Not asked before the packages are there.
ifneq ($(filter-out deps demo check coverage help clean format layers matrix uninstall,$(or $(MAKECMDGOALS),all)),)
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
LIBS       := $(shell pkg-config --libs $(PKGS) 2>/dev/null)
TEST_LIBS  := $(shell pkg-config --libs $(TEST_PKGS) 2>/dev/null)
endif

CFLAGS     ?= -O2 -g
WARNINGS   := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	      -Wpointer-arith -Wwrite-strings -Wvla -Wundef -Wformat=2 \
	      -Wno-format-nonliteral $(if $(WERROR),-Werror)
ALL_CPPFLAGS = -I. -I$(B) -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 $(DEFINES) $(CPPFLAGS)
ALL_CFLAGS := -std=gnu11 -pthread $(WARNINGS) $(CFLAGS) $(PKG_CFLAGS) \
	      -fno-common -fstack-protector-strong -ffile-prefix-map='$(CURDIR)=.' \
	      $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=all)
ALL_LDFLAGS := -pthread -Wl,--as-needed $(LDFLAGS) \
	      $(if $(SANITIZE),-fsanitize=$(SANITIZE))

sources      = $(wildcard $(1)/*.c $(1)/*/*.c $(1)/*/*/*.c)
SCHEMA_SRC  := $(call sources,schema)
CATALOG_SRC := $(call sources,catalog)
TUNNEL_SRC  := $(call sources,tunnel)
SUPERVISOR_SRC := cmd/bridge-supervisor.c
CMD_SRC     := $(filter-out $(SUPERVISOR_SRC),$(call sources,cmd))
UNIT_SRC    := $(wildcard tests/unit/test_*.c)
FUZZ_SRC    := $(wildcard tests/fuzz/fuzz_*.c)

obj          = $(patsubst %.c,$(B)/%.o,$(1))
ARCHIVES    := $(B)/libcmd.a $(B)/libcatalog.a $(B)/libtunnel.a $(B)/libschema.a
UNIT_TESTS  := $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(UNIT_SRC))
FUZZERS     := $(patsubst tests/fuzz/%.c,$(B)/tests/fuzz/%,$(FUZZ_SRC))
ALL_SRC     := $(SCHEMA_SRC) $(CATALOG_SRC) $(TUNNEL_SRC) $(CMD_SRC) \
	       $(SUPERVISOR_SRC) $(UNIT_SRC) $(wildcard tests/fuzz/*.c tests/mcp/*.c)
FORMATTED   := $(shell find cmd catalog tunnel schema tests -name '*.[ch]' 2>/dev/null)

.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
.PHONY: all manuals deps dist deb demo check check-mcp test unit cli mcp layers install uninstall tidy format \
	format-check coverage bench fault scale soak golden fuzz fuzzers matrix clean help

all: $(B)/bridge $(B)/bridge-supervisor manuals ## build bridge and its supervisor

$(B)/bridge: $(call obj,cmd/bridge.c) $(ARCHIVES)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lm

$(B)/bridge-supervisor: $(call obj,$(SUPERVISOR_SRC)) $(B)/libtunnel.a $(B)/libschema.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lm

$(B)/libcmd.a: $(call obj,$(filter-out cmd/bridge.c,$(CMD_SRC)))
$(B)/libschema.a: $(call obj,$(SCHEMA_SRC))
$(B)/libcatalog.a: $(call obj,$(CATALOG_SRC))
$(B)/libtunnel.a: $(call obj,$(TUNNEL_SRC))
$(ARCHIVES):
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcsD $@ $^

# The same with a later version, for tests of an upgrade: what is linked first
# counts.
NEWER := $(B)/newer/bridge $(B)/newer/bridge-supervisor
$(B)/newer/bridge: $(B)/newer/schema/base/version.o $(call obj,cmd/bridge.c) $(ARCHIVES)
$(B)/newer/bridge-supervisor: $(B)/newer/schema/base/version.o \
		$(call obj,$(SUPERVISOR_SRC)) $(B)/libtunnel.a $(B)/libschema.a
$(NEWER):
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lm

$(B)/newer/schema/base/version.o: schema/base/version.c Makefile
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CPPFLAGS) -DBRIDGE_VERSION='"99.1"' $(ALL_CFLAGS) -c -o $@ $<

$(B)/schema/base/version.o: DEFINES = -DBRIDGE_VERSION='"$(VERSION)"'
$(B)/%.o: %.c Makefile
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# .incbin is invisible to -MMD.
$(B)/schema/embedded.o: $(wildcard schema/*.schema.json)
$(B)/cmd/catalog/init_files.o: $(shell find cmd/init -type f)
$(B)/cmd/doctor/server_survey.o: cmd/doctor/server_survey.sh
$(B)/cmd/completion.o: $(wildcard cmd/completion/*)
$(B)/cmd/mcp/tools.o: $(wildcard cmd/mcp/tools/*.json)

$(B)/tests/unit/%: $(B)/tests/unit/%.o $(ARCHIVES)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) $(TEST_LIBS) -lm

# A fuzzer runs files; FUZZ_LINK and FUZZ_MAIN make libFuzzer run it instead.
FUZZ_MAIN   = $(B)/tests/fuzz/main.o
FUZZ_HELP   = $(B)/tests/fuzz/fuzz.o $(B)/tests/fuzz/memory.o
$(B)/tests/fuzz/fuzz_%: $(B)/tests/fuzz/fuzz_%.o $(FUZZ_HELP) \
		$(FUZZ_MAIN) $(ARCHIVES)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) $(FUZZ_LINK) -o $@ $^ $(LIBS) -lm

# Checks messages of the Model Context Protocol against its schemas.
$(B)/tests/mcp/messages: $(B)/tests/mcp/messages.o $(B)/libschema.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lm

# The manuals: what is a table already is put where a source says @PART@.
MANUALS := $(patsubst cmd/man/%.in,$(B)/man/%,$(wildcard cmd/man/*.in))
$(B)/man/%: cmd/man/%.in $(B)/bridge
	$(call say,MAN,$@)
	$(Q)mkdir -p $(@D)
	$(Q)awk -v bridge=$(B)/bridge '/^@.*@$$/ { \
		gsub(/@/, ""); if (system(bridge " manual " $$0)) exit 1; next } \
		{ print; fflush() }' $< >$@

manuals: $(MANUALS)

-include $(patsubst %.c,$(B)/%.d,$(ALL_SRC))

# ---- setting up ------------------------------------------------------------

deps: ## install what is missing for building, running and testing (apt)
	$(Q)sh tests/install-deps.sh $(DEBIAN_BUILD) $(DEBIAN_RUN) $(DEBIAN_TEST)

install: all ## install below $(DESTDIR)$(PREFIX)
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(LIBEXECDIR)" \
		"$(DESTDIR)$(PREFIX)/share/bridge/schema" "$(DESTDIR)$(UNITDIR)" \
		"$(DESTDIR)$(PREFIX)/share/bridge/skills/bridge-status" \
		"$(DESTDIR)$(PREFIX)/share/bash-completion/completions" \
		"$(DESTDIR)$(ZSHDIR)" \
		"$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d" \
		$(foreach n,1 5 7,"$(DESTDIR)$(MANDIR)/man$(n)")
	sed 's|@BINDIR@|$(PREFIX)/bin|' cmd/systemd/bridge.service.in \
		>"$(DESTDIR)$(UNITDIR)/bridge.service"
	chmod 644 "$(DESTDIR)$(UNITDIR)/bridge.service"
	install -m 755 $(B)/bridge "$(DESTDIR)$(PREFIX)/bin/bridge"
	install -m 755 $(B)/bridge-supervisor "$(DESTDIR)$(LIBEXECDIR)/bridge-supervisor"
	install -m 644 $(wildcard schema/*.schema.json) "$(DESTDIR)$(PREFIX)/share/bridge/schema"
	install -m 644 cmd/mcp/skills/bridge-status/SKILL.md \
		"$(DESTDIR)$(PREFIX)/share/bridge/skills/bridge-status"
	install -m 644 cmd/completion/bridge.bash \
		"$(DESTDIR)$(PREFIX)/share/bash-completion/completions/bridge"
	install -m 644 cmd/completion/bridge.zsh \
		"$(DESTDIR)$(ZSHDIR)/_bridge"
	install -m 644 cmd/completion/bridge.fish \
		"$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/bridge.fish"
	for page in $(MANUALS); do \
		install -m 644 $$page "$(DESTDIR)$(MANDIR)/man$${page##*.}"; \
	done

uninstall: ## remove what install has put there
	rm -f "$(DESTDIR)$(PREFIX)/bin/bridge" "$(DESTDIR)$(UNITDIR)/bridge.service" \
		"$(DESTDIR)$(PREFIX)/share/bash-completion/completions/bridge" \
		"$(DESTDIR)$(ZSHDIR)/_bridge" \
		"$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/bridge.fish"
	for page in $(notdir $(MANUALS)); do \
		rm -f "$(DESTDIR)$(MANDIR)/man$${page##*.}/$$page"; \
	done
	rm -rf "$(DESTDIR)$(LIBEXECDIR)" "$(DESTDIR)$(PREFIX)/share/bridge"

# ---- packages --------------------------------------------------------------

# What a package says of its time: the commit's, in a tarball its files'.
EPOCH       = $(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct 2>/dev/null || \
		stat -c %Y Makefile))
DIST       := bridge-$(VERSION)
DEB         = $(B)/bridge_$(VERSION)_$(shell dpkg --print-architecture).deb

dist: ## $(B)/bridge-VERSION.tar.gz of what is committed
	$(Q)mkdir -p $(B)
	$(Q)git archive --prefix=$(DIST)/ -o $(B)/$(DIST).tar HEAD || \
		{ rm -f $(B)/$(DIST).tar; exit 1; }
	$(Q)gzip -9nf $(B)/$(DIST).tar
	@echo $(B)/$(DIST).tar.gz

# Debian's own flags, in a build of its own.
deb: ## a Debian package of this tree, below $(B)
	$(Q)rm -rf $(B)/deb/root
	$(Q)$(MAKE) --no-print-directory B=$(B)/deb PREFIX=/usr \
		DESTDIR=$(B)/deb/root ZSHDIR=/usr/share/zsh/vendor-completions \
		CFLAGS="$$(DEB_BUILD_MAINT_OPTIONS=hardening=+all dpkg-buildflags --get CFLAGS)" \
		CPPFLAGS="$$(dpkg-buildflags --get CPPFLAGS)" \
		LDFLAGS="$$(DEB_BUILD_MAINT_OPTIONS=hardening=+bindnow dpkg-buildflags --get LDFLAGS)" \
		install $(if $(V),,>/dev/null)
	$(Q)SOURCE_DATE_EPOCH=$(EPOCH) sh cmd/debian/build.sh $(B)/deb/root $(VERSION) $(DEB)
	@echo $(DEB)

# ---- trying and testing ----------------------------------------------------

SUITES     ?= $(wildcard ../shared/suites)
FAULT_TESTS := $(filter-out %/lib.sh %/table.sh,$(wildcard tests/fault/*.sh))
SCALE_TESTS := $(filter-out %/lib.sh,$(wildcard tests/scale/*.sh))
CLI_TESTS  := $(filter-out tests/cli/lib.sh tests/cli/seed_lib.sh tests/cli/origin.sh,$(wildcard tests/cli/*.sh))
PACKAGE_TESTS := tests/package/package.sh
MCP_TESTS  := $(filter-out %/lib.sh %/real.sh,$(wildcard tests/mcp/*.sh))

demo: ## install what is missing, build, and run the main job for real
	$(Q)$(MAKE) --no-print-directory deps
	$(Q)$(MAKE) --no-print-directory all
	$(Q)BUILD=$(B) bash tests/demo.sh

check: ## install what is missing, build, run all tests
	$(Q)$(MAKE) --no-print-directory deps
	$(Q)$(MAKE) --no-print-directory test
	$(Q)if command -v npm >/dev/null; then \
		$(MAKE) --no-print-directory check-mcp; \
	else echo 'check-mcp: skipped, no npm: install npm (Node 20 or later)'; fi

test: all layers fuzzers $(NEWER) $(UNIT_TESTS) $(B)/tests/mcp/messages ## run all tests, without installing anything
	$(Q)BUILD=$(B) SUITES='$(SUITES)' bash tests/run.sh \
		$(UNIT_TESTS) $(PACKAGE_TESTS) $(FAULT_TESTS) $(SCALE_TESTS) $(CLI_TESTS) $(MCP_TESTS)

unit: $(UNIT_TESTS) ## run the unit tests
	$(Q)BUILD=$(B) SUITES='$(SUITES)' bash tests/run.sh $(UNIT_TESTS)

cli: all fuzzers $(NEWER) ## run the command-line tests; ONLY=word picks some
	$(Q)BUILD=$(B) bash tests/run.sh $(CLI_TESTS)

mcp: all $(B)/tests/mcp/messages ## run the tests of the MCP server
	$(Q)BUILD=$(B) SUITES='$(SUITES)' bash tests/run.sh $(MCP_TESTS)

# Half a gigabyte of other people's clients: into the build folder, once.
MCP_CLIENTS := $(B)/mcp-clients
$(MCP_CLIENTS)/installed: tests/mcp/real/package-lock.json
	$(call say,NPM,$(MCP_CLIENTS))
	$(Q)mkdir -p $(MCP_CLIENTS)
	$(Q)cp tests/mcp/real/package.json tests/mcp/real/package-lock.json \
		tests/mcp/real/.npmrc $(MCP_CLIENTS)
	$(Q)cd $(MCP_CLIENTS) && npm ci --silent
	$(Q)touch $@

check-mcp: all $(B)/tests/mcp/messages $(MCP_CLIENTS)/installed ## try real MCP clients (npm)
	$(Q)BUILD=$(B) SUITES='$(SUITES)' bash tests/run.sh tests/mcp/real.sh

fault: all $(NEWER) ## make every fault on real parts, and print what came of it
	$(Q)BUILD=$(B) bash tests/fault/table.sh $(FAULT_TESTS)

SCALE_NOTES := $(B)/scale.notes
scale: all ## a thousand bridges on a fake ssh: what they cost
	$(Q)rm -f $(SCALE_NOTES)
	$(Q)SCALE_NOTES='$(CURDIR)/$(SCALE_NOTES)' BUILD=$(B) JOBS=1 \
		bash tests/run.sh $(SCALE_TESTS)
	$(Q)cat $(SCALE_NOTES)

soak: all ## ten minutes of churn; SOAK_SECONDS=600
	$(Q)rm -f $(SCALE_NOTES)
	$(Q)SOAK_SECONDS=$(or $(SOAK_SECONDS),600) BUILD=$(B) \
		SCALE_NOTES='$(CURDIR)/$(SCALE_NOTES)' bash tests/run.sh tests/scale/soak.sh
	$(Q)cat $(SCALE_NOTES)

# The sanitizers' way of saying things, and all of libFuzzer's, is clang's.
FUZZ_CLANG := clang
FUZZ_FLAGS := address,undefined

fuzz: ## fuzz with clang; FUZZ=name picks one, FUZZ_SECONDS=60 each
	$(Q)command -v $(FUZZ_CLANG) >/dev/null || { \
		echo 'fuzz: install clang and libclang-rt-dev' >&2; exit 1; }
	$(Q)$(MAKE) --no-print-directory fuzzers B=$(B)/fuzz CC=$(FUZZ_CLANG) \
		SANITIZE= CFLAGS='-O1 -g -fno-omit-frame-pointer \
		-fsanitize=fuzzer-no-link,$(FUZZ_FLAGS)' FUZZ_MAIN= \
		FUZZ_LINK='-fsanitize=fuzzer,$(FUZZ_FLAGS)'
	$(Q)BUILD=$(B) SUITES='$(SUITES)' FUZZ=$(FUZZ) \
		FUZZ_SECONDS=$(FUZZ_SECONDS) bash tests/fuzz/run.sh

fuzzers: $(FUZZERS) ## build the fuzzers as programs that run files

# What the tests that run there need.
MATRIX_PACKAGES = $(DEBIAN_BUILD) $(DEBIAN_RUN) \
	$(filter-out debootstrap pre-commit nftables faketime,$(DEBIAN_TEST))
MATRIX     := $(filter-out %/lib.sh,$(wildcard tests/matrix/*.sh))

matrix: ## build and test on other distributions (root, debootstrap; apt)
	$(Q)failed=; for script in $(MATRIX); do \
		BUILD=$(abspath $(B)) PACKAGES='$(strip $(MATRIX_PACKAGES))' \
			bash $$script || failed=1; \
	done; [ -z "$$failed" ]

golden: all ## write what every rule says anew, into testdata/rules
	$(Q)UPDATE=1 BUILD=$(B) bash tests/run.sh tests/cli/golden.sh

bench: all $(B)/tests/bench/floor ## measure, as ratios in one run, beside others (apt)
	$(Q)sh tests/install-deps.sh $(DEBIAN_BENCH)
	$(Q)BUILD=$(B) bash tests/bench/bench.sh

$(B)/tests/bench/floor: $(B)/tests/bench/floor.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# Counts of an earlier run would be added to.
coverage: ## lines that unit tests run, by folder; FILES=1, SUITES= for less
	$(Q)find $(B)/coverage -name '*.gcda' -delete 2>/dev/null || true
	$(Q)$(MAKE) --no-print-directory unit B=$(B)/coverage \
		CFLAGS='-O0 -g --coverage' LDFLAGS=--coverage
	$(Q)FILES=$(FILES) sh tests/coverage.sh $(B)/coverage

layers: ## includes point down: schema <- catalog, tunnel <- cmd
	$(Q)sh tests/layers.sh

tidy: ## clang-tidy over everything
	$(Q)clang-tidy --quiet $(filter-out tests/%,$(ALL_SRC)) -- -std=gnu11 $(ALL_CPPFLAGS) $(PKG_CFLAGS)

format: ## clang-format over everything
	$(Q)clang-format -i $(FORMATTED)

format-check: ## fail where clang-format would change something
	$(Q)clang-format --dry-run -Werror $(FORMATTED)

clean: ## remove build/
	rm -rf build

help: ## list these targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo '  SANITIZE=address,undefined   a second build with sanitizers (build/address-undefined)'
	@echo '  WERROR=1                     warnings are errors (always so in CI)'
	@echo '  PREFIX= DESTDIR=             for install'
	@echo '  FUZZ=yaml FUZZ_SECONDS=60    for fuzz'
	@echo '  SUITES=DIR                   where the public test suites are'
