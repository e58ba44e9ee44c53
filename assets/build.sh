#!/bin/sh
# Builds what the pages are dressed in. Needs Node 20 or newer; the result is committed, so nobody else needs it.
set -eu
cd "$(dirname "$0")"
npm ci --silent
node build.mjs
