# caplat. Everything that is made lies below build/; `make help` tells the
# targets. run, test, fixtures, fuzz, bench and lint install the Debian packages
# that are missing; all, site and install leave the system alone.

PORT   ?= 8080
DATE   ?= $(shell TZ=UTC-8 date +%F)
PREFIX ?= /usr/local

# Only processors of this kind have it.
ifeq ($(shell uname -m),x86_64)
MULTI_BUFFER      = libipsec-mb-dev
MULTI_BUFFER_LIBS = -lIPSec_MB
USER_MODE_LINUX   = user-mode-linux
endif

# What each of them needs; all need what `make run` needs.
PACKAGES_run   = gcc libc6-dev pkg-config clang lld libcmark-dev libxml2-dev \
                 zlib1g-dev libbrotli-dev libssl-dev libxxhash-dev \
                 libsodium-dev liblmdb-dev libqrencode-dev $(MULTI_BUFFER) \
                 nginx nginx-dev libnginx-mod-http-brotli-static openssl
PACKAGES_test  = libclang-rt-14-dev llvm libjansson-dev nodejs npm \
                 chromium-headless-shell fonts-noto-cjk \
                 openjdk-17-jre-headless faketime valgrind strace \
                 golang-go golang-golang-x-mod-dev \
                 $(USER_MODE_LINUX) kmod dmsetup e2fsprogs iproute2
PACKAGES_fixtures = nodejs npm faketime
PACKAGES_fixtures-pay = nodejs npm faketime
PACKAGES_soak  = nodejs npm faketime \
                 $(USER_MODE_LINUX) kmod dmsetup e2fsprogs iproute2
PACKAGES_sample-ledger = nodejs npm faketime golang-go golang-golang-x-mod-dev
PACKAGES_npm   = nodejs npm
PACKAGES_lighthouse = nodejs npm chromium fonts-noto-cjk
PACKAGES_fuzz  = libclang-rt-14-dev libjansson-dev
PACKAGES_bench = nodejs hugo wrk libnginx-mod-http-js libnginx-mod-http-lua \
                 lua-luaossl lua-cjson redis-server redis-tools \
                 postgresql postgresql-contrib
PACKAGES_lint  = nodejs cppcheck shellcheck libxml2-utils libjansson-dev \
                 golang-go

GOALS    := $(filter run test soak fixtures fixtures-pay sample-ledger npm \
              lighthouse fuzz bench lint, $(MAKECMDGOALS))
PACKAGES  = $(sort $(foreach goal,$(if $(GOALS),run $(GOALS)),$(PACKAGES_$(goal))))
BEFORE   := $(if $(GOALS),packages)

ifeq ($(origin CC),default)
CC = gcc
endif
CLANG      = clang
PKG_CONFIG = pkg-config

# WERROR= lets a compiler that we have not met pass with its warnings.
WERROR   = -Werror
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion \
           -Wstrict-prototypes -Wmissing-prototypes $(WERROR)
CFLAGS  ?= -O2 -g
MODULE_CFLAGS = $(CFLAGS) -fstack-protector-strong -D_FORTIFY_SOURCE=2
ASAN     = -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all \
           -fsanitize=address,undefined,fuzzer-no-link
ASAN_LINK  = $(ASAN) -fuse-ld=lld
NGINX_ASAN = -O0 -g -fno-omit-frame-pointer -fno-sanitize-recover=all \
             -fsanitize=address,undefined \
             -fno-sanitize=alignment,nonnull-attribute,pointer-overflow
TSAN     = -O1 -g -fsanitize=thread
INCLUDES = -Ingx_caplat_module/core -Ingx_caplat_module/trust \
           $(addprefix -I,$(ROOMS))

# Asked when a recipe runs, so that `make run` can install them first.
LIBRARIES   = libcmark libxml-2.0 zlib libbrotlienc libcrypto libxxhash
TRUSTED     = libsodium libcrypto lmdb libqrencode
LIB_CFLAGS  = $(shell $(PKG_CONFIG) --cflags $(LIBRARIES) $(TRUSTED))
LIBS        = $(shell $(PKG_CONFIG) --libs $(LIBRARIES)) -pthread
TRUST_LIBS  = $(shell $(PKG_CONFIG) --libs $(TRUSTED)) $(MULTI_BUFFER_LIBS) \
              -pthread
TEST_LIBS   = $(LIBS) $(TRUST_LIBS) $(shell $(PKG_CONFIG) --libs jansson)
COMPILE     = -std=c11 $(WARNINGS) $(INCLUDES) $(LIB_CFLAGS) -pthread -MMD -MP

# A file in a folder is in the program: no list to forget it in.
CORE      := $(wildcard ngx_caplat_module/core/*.c)
TRUST     := $(wildcard ngx_caplat_module/trust/*.c)
CLI       := $(wildcard ngx_caplat_module/cli/*.c)
ROOMS     := generator $(patsubst %/,%,$(wildcard generator/*/))
GENERATOR := $(foreach room,$(ROOMS),$(wildcard $(room)/*.c))
UNITS     := $(wildcard tests/unit/test_*.c)
FUZZERS   := $(wildcard tests/fuzz/fuzz_*.c)

OBJECTS        := $(patsubst %.c,build/obj/%.o,$(CORE) $(GENERATOR))
CLI_OBJECTS    := $(patsubst %.c,build/obj/%.o,$(CORE) $(TRUST) $(CLI))
ASAN_OBJECTS   := $(patsubst %.c,build/asan/%.o,$(CORE) $(GENERATOR))
TSAN_OBJECTS   := $(patsubst %.c,build/tsan/%.o,$(CORE) $(GENERATOR))
TESTED_OBJECTS := $(filter-out %/gen_main.o,$(ASAN_OBJECTS)) \
                  $(patsubst %.c,build/asan/%.o,$(TRUST))
TRUST_OBJECTS  := $(patsubst %.c,build/obj/%.o,$(CORE) $(TRUST))
UNIT_PROGRAMS  := $(patsubst %.c,build/asan/%,$(UNITS))
FUZZ_PROGRAMS  := $(patsubst %.c,build/asan/%,$(FUZZERS))

# The nginx module, and nginx's own source for what a module alone cannot show:
# sanitizers, and a newer version.
MODULE         := build/module/ngx_http_caplat_module.so
MODULE_FOLDERS := $(addprefix ngx_caplat_module/,core trust nginx)
MODULE_SOURCES := config $(foreach f,$(MODULE_FOLDERS),$(wildcard $(f)/*))
OWN_NGINX      := asan new module
SERVERS        := build/nginx-asan/nginx build/nginx-new/nginx \
                  build/nginx-module/ngx_http_caplat_module.so

# One line a file; V=1 shows the commands.
Q   := $(if $(V),,@)
say  = $(if $(V),,@printf '%-5s %s\n' '$(1)' '$(2)')

MAKEFLAGS += --jobs=$(shell nproc)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all run site test soak fixtures fixtures-pay sample-ledger lighthouse \
        fuzz bench lint install clean help packages npm


all: build/caplat-site build/caplat.wasm build/caplat $(MODULE)  ## compile all programs

run: site  ## build all, serve it on http://127.0.0.1:8080 (PORT=), Ctrl-C ends it
	@site/nginx/serve build/www build/run $(PORT)

site: all  ## write the site to build/www (DATE=2027-01-31: as of that day)
	$(Q)build/caplat-site build --content content --site site --out build/www \
	    --wasm build/caplat.wasm --date $(DATE) --compress quick

test: all npm build/asan/caplat-site build/tsan/caplat-site \
      build/ledger-driver build/ledger-scribe build/ledger-check \
      build/ledger-lie.so \
      $(UNIT_PROGRAMS) $(FUZZ_PROGRAMS) $(SERVERS)
test:  ## install what tests need and run them all
	@tests/run

soak: all npm build/ledger-driver build/ledger-lie.so
soak:  ## kill processes and cut power for hours (ROUNDS=10000 ORDERS=2000 CUTS=200)
	@CAPLAT_CUTS=$(or $(CUTS),200) node --test tests/ledger/power.test.mjs
	@CAPLAT_ORDERS=$(or $(ORDERS),2000) node --test \
	    tests/ledger/pay.test.mjs
	@CAPLAT_ROUNDS=$(or $(ROUNDS),10000) node --test \
	    tests/ledger/crash.test.mjs

fixtures: all npm  ## ask a server every request of a file (CASES=FILE)
	@node tests/edge/fixtures.mjs \
	    $(or $(CASES),../shared/fixtures/requests/cases.jsonl)

fixtures-pay: all npm  ## send a server every notice of a file (CASES=FILE)
	@node tests/edge/pay_cases.mjs \
	    $(or $(CASES),../shared/fixtures/pay/cases.jsonl)

sample-ledger: all npm build/ledger-check  ## make a ledger of N orders in OUT
	@node tests/ledger/sample.mjs $(or $(N),1000) $(or $(OUT),build/sample)

lighthouse: all npm build/lighthouse.stamp  ## ask Lighthouse of every kind of page (CHROMIUM=)
	@node tests/lighthouse/run.mjs

fuzz: $(FUZZ_PROGRAMS)  ## fuzz every parser for a minute each (SECONDS=60)
	@tests/fuzz/run $(or $(SECONDS),60)

bench: site build/bench/cmark_loop build/bench/floor build/bench/measure \
       build/bench/verify build/bench/ledger build/bench/notice
bench:  ## measure against peers (BENCH=generator, edge, ledger or payment alone)
	@tests/bench/run $(BENCH)

lint: all  ## look for what the compiler does not see
	@tests/lint/run

install: all  ## install below $(DESTDIR)$(PREFIX)
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/share/caplat"
	install build/caplat-site build/caplat "$(DESTDIR)$(PREFIX)/bin"
	install -d "$(DESTDIR)$(PREFIX)/lib/nginx/modules"
	install -m 644 $(MODULE) "$(DESTDIR)$(PREFIX)/lib/nginx/modules"
	install -m 644 build/caplat.wasm "$(DESTDIR)$(PREFIX)/share/caplat"
	cp -R site content "$(DESTDIR)$(PREFIX)/share/caplat"

clean:  ## remove build/
	rm -rf build

help:  ## print this list
	@awk -F ':.*  ## ' '/^[a-z-]+:.*  ## / { printf "make %-13s %s\n", $$1, $$2 }' \
	    $(firstword $(MAKEFILE_LIST))


# One call, for apt-get does not like company.
packages:
	@.ci/packages "$(GOALS)" $(PACKAGES)

npm: build/npm.stamp  ## install the npm packages of tests, as tests/package-lock.json states them

build/npm.stamp: tests/package.json tests/package-lock.json | $(BEFORE)
	$(call say,npm,tests/node_modules)
	$(Q)cd tests && npm ci --loglevel=error
	@mkdir -p $(@D) && touch $@

# Large, and of no use to the tests.
build/lighthouse.stamp: tests/lighthouse/package-lock.json | $(BEFORE)
	$(call say,npm,tests/lighthouse/node_modules)
	$(Q)cd tests/lighthouse && npm ci --loglevel=error
	@mkdir -p $(@D) && touch $@


build/caplat-site: $(OBJECTS)
	$(call say,link,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

build/caplat: $(CLI_OBJECTS)
	$(call say,link,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(TRUST_LIBS)

# nginx-dev has nginx's headers and its configure, which writes beside itself.
build/nginx/objs/Makefile: config $(MODULE_FOLDERS) | $(BEFORE)
	$(call say,conf,build/nginx)
	$(Q)rm -rf build/nginx && mkdir -p build
	$(Q)cp -R /usr/share/nginx/src build/nginx
	$(Q)cd build/nginx && bash -c '. ./conf_flags && ./configure \
	    "$${NGX_CONF_FLAGS[@]}" --with-cc=$(CC) \
	    --with-cc-opt="$(MODULE_CFLAGS)" \
	    --add-dynamic-module=$(CURDIR) >configure.log' \
	    || { cat configure.log; exit 1; }

# Renamed into its place: a server that has loaded the one before goes on.
$(MODULE): build/nginx/objs/Makefile $(MODULE_SOURCES)
	$(call say,link,$@)
	$(Q)$(MAKE) -s -C build/nginx -f objs/Makefile modules
	@mkdir -p $(@D)
	$(Q)cp build/nginx/objs/$(@F) $@.new && mv -f $@.new $@

# Whole servers with the module linked in, out of nginx's own source: with
# sanitizers (each allocation of a pool by itself, so that ASan sees its ends),
# and of the next Debian release; and a module to be loaded into the latter. A
# test goes on without them where the archive cannot be reached, and says so.
build/nginx-%.source: .ci/nginx-source | $(BEFORE)
	$(call say,fetch,$@)
	$(Q).ci/nginx-source $* $@ $(if $(filter test,$(GOALS)),|| true)

build/nginx-asan/%: RELEASE = bookworm
build/nginx-asan/%: WITH = --with-cc=$(CLANG) --with-debug \
    --with-cc-opt="$(NGINX_ASAN) -DNGX_DEBUG_PALLOC=1" \
    --with-ld-opt="$(NGINX_ASAN) -fuse-ld=lld" --add-module=$(CURDIR)
build/nginx-new/%: RELEASE = trixie
build/nginx-new/%: WITH = --with-cc=$(CC) \
    --with-cc-opt="$(MODULE_CFLAGS) -O0" --add-module=$(CURDIR)
build/nginx-module/%: RELEASE = trixie
build/nginx-module/%: WITH = --with-cc=$(CLANG) \
    --with-cc-opt="$(MODULE_CFLAGS) -O0" --add-dynamic-module=$(CURDIR)
build/nginx-asan/objs/Makefile: build/nginx-bookworm.source
build/nginx-new/objs/Makefile: build/nginx-trixie.source
build/nginx-module/objs/Makefile: build/nginx-trixie.source

$(OWN_NGINX:%=build/nginx-%/objs/Makefile): config $(MODULE_FOLDERS)
	$(call say,conf,$(@:/objs/Makefile=))
	$(Q)! test -d build/nginx-$(RELEASE).source || { \
	    cd build && rm -rf $(@:build/%/objs/Makefile=%) && \
	    cp -R nginx-$(RELEASE).source $(@:build/%/objs/Makefile=%) && \
	    cd $(@:build/%/objs/Makefile=%) && \
	    { ./configure --prefix=. --with-threads --with-http_ssl_module \
	        --with-http_v2_module --with-http_realip_module \
	        --with-http_auth_request_module $(WITH) \
	        >configure.log || { cat configure.log; exit 1; }; }; }

build/nginx-asan/nginx build/nginx-new/nginx: build/nginx-%/nginx: \
    build/nginx-%/objs/Makefile $(MODULE_SOURCES)
	$(call say,nginx,$@)
	$(Q)! test -e $< || { $(MAKE) -s -C $(@D) -f objs/Makefile binary \
	    >$(@D)/make.log 2>&1 && cp $(@D)/objs/nginx $@; } \
	    || { cat $(@D)/make.log; exit 1; }

build/nginx-module/ngx_http_caplat_module.so: \
    build/nginx-module/objs/Makefile $(MODULE_SOURCES)
	$(call say,link,$@)
	$(Q)! test -e $< || { $(MAKE) -s -C $(@D) -f objs/Makefile modules \
	    >$(@D)/make.log 2>&1 && cp $(@D)/objs/$(@F) $@; } \
	    || { cat $(@D)/make.log; exit 1; }

build/obj/%.o: %.c | $(BEFORE)
	@mkdir -p $(@D)
	$(call say,cc,$<)
	$(Q)$(CC) $(COMPILE) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

build/asan/caplat-site: $(ASAN_OBJECTS)
	$(call say,link,$@)
	$(Q)$(CLANG) $(ASAN_LINK) -o $@ $^ $(LIBS)

build/tsan/caplat-site: $(TSAN_OBJECTS)
	$(call say,link,$@)
	$(Q)$(CLANG) $(TSAN) -o $@ $^ $(LIBS)

build/asan/tests/unit/%: build/asan/tests/unit/%.o $(TESTED_OBJECTS)
	$(call say,link,$@)
	$(Q)$(CLANG) $(ASAN_LINK) -o $@ $^ $(TEST_LIBS)

build/asan/tests/fuzz/%: build/asan/tests/fuzz/%.o $(TESTED_OBJECTS)
	$(call say,link,$@)
	$(Q)$(CLANG) $(ASAN_LINK) -fsanitize=fuzzer -o $@ $^ $(TEST_LIBS)

# A test's own code is long and runs once: what it tests is optimized.
build/asan/tests/unit/%.o: ASAN += -O0

build/asan/%.o: %.c | $(BEFORE)
	@mkdir -p $(@D)
	$(call say,asan,$<)
	$(Q)$(CLANG) $(COMPILE) $(CPPFLAGS) $(ASAN) -c -o $@ $<

build/tsan/%.o: %.c | $(BEFORE)
	@mkdir -p $(@D)
	$(call say,tsan,$<)
	$(Q)$(CLANG) $(COMPILE) $(CPPFLAGS) $(TSAN) -c -o $@ $<

# The browser's calculator has no C library: a call that core/ may not make
# does not compile here, or does not link.
build/caplat.wasm: $(CORE) $(wildcard ngx_caplat_module/core/*.h site/wasm/*) \
                   | $(BEFORE)
	@mkdir -p $(@D)
	$(call say,wasm,$@)
	$(Q)$(CLANG) --target=wasm32 -mcpu=mvp -std=c11 $(WARNINGS) -Oz -flto \
	    -ffreestanding -nostdlib -nostdlibinc \
	    -Isite/wasm -Ingx_caplat_module/core \
	    -Wl,--no-entry -Wl,--strip-all -Wl,--compress-relocations \
	    -o $@ $(wildcard site/wasm/*.c) $(CORE)

# The Go team's sumdb code looks at what a log publishes; of Debian's package.
build/ledger-check: $(wildcard tests/ledger/check/*.go) | $(BEFORE)
	@mkdir -p $(@D)
	$(call say,go,$@)
	$(Q)GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=$(CURDIR)/build/go \
	    go build -trimpath -o $@ ./tests/ledger/check

# Programs of tests that write a ledger.
build/ledger-driver: build/obj/tests/ledger/driver.o $(TRUST_OBJECTS)
build/ledger-scribe: build/obj/tests/ledger/scribe.o $(TRUST_OBJECTS)
build/bench/ledger: build/obj/tests/bench/ledger.o $(TRUST_OBJECTS)
build/bench/notice: build/obj/tests/bench/notice.o $(TRUST_OBJECTS)
build/ledger-driver build/ledger-scribe build/bench/ledger build/bench/notice:
	@mkdir -p $(@D)
	$(call say,link,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(TRUST_LIBS)

build/ledger-lie.so: tests/ledger/lie.c | $(BEFORE)
	@mkdir -p $(@D)
	$(call say,cc,$<)
	$(Q)$(CC) -std=c11 $(WARNINGS) $(CFLAGS) -fPIC -shared -o $@ $<

build/bench/%: tests/bench/%.c | $(BEFORE)
	@mkdir -p $(@D)
	$(call say,cc,$<)
	$(Q)$(CC) $(COMPILE) $(CFLAGS) -o $@ $< $(LIBS) $(TRUST_LIBS)


-include $(shell find build/obj build/asan build/tsan -name '*.d' 2>/dev/null)
