#!/usr/bin/env bash
# Kills a synthesis run a hundred times (or $1 times) at random moments, then finishes it and compares it with an undisturbed one.
# The same test that CI runs with a few kills.
set -euo pipefail
cd "$(dirname "$0")/../.."
CITRUS_KILLS=${1:-100} dotnet test -c Release --filter "FullyQualifiedName~KillTests"
