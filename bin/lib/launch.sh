# What the launchers share: sourced with $module and $main set, and $optional for a module that is used where somebody has
# built it. Builds the project when nothing is built or a source is
# newer than what is; else starts without Maven.
fail() { echo "$program: $1" >&2; exit 1; }

home=$(cd "$(dirname "$script")/.." && pwd -P) || exit 1

if [ -n "${JAVA_HOME:-}" ]; then
  java=$JAVA_HOME/bin/java
  [ -x "$java" ] || fail "JAVA_HOME is $JAVA_HOME, which has no bin/java; set it to a JDK 17 or newer"
else
  java=$(command -v java) || fail "no Java found; install a JDK 17 or newer (package openjdk-17-jdk-headless, or adoptium.net), or set JAVA_HOME"
fi

classpath=$home/$module/target/classpath.txt
built=$home/target/build.ok

# Optional modules take part once they are built: ./mvnw -Psamediff -DskipTests package. Nobody else downloads their libraries.
profiles='' extras=''
if [ -f "$home/samediff/target/classpath.txt" ]; then profiles=-Psamediff extras=$home/samediff; fi

stale() {
  [ -f "$classpath" ] && [ -f "$built" ] || return 0
  newer=$(find "$home/pom.xml" "$home"/core "$home"/converter "$home"/zoo "$home"/explainer "$home"/trainer \
    "$home"/configs "$home"/data-manifests ${extras:+"$extras"} \
    -path '*/target' -prune -o -path '*/src/test' -prune -o -path '*/.cifuzz-corpus' -prune -o -type f -newer "$built" -print 2>/dev/null | head -n 1)
  [ -n "$newer" ]
}

# One line per module and per fifty files: a first build takes minutes, and nobody should wonder whether it hangs.
show() {
  files=0 errors=0
  while IFS= read -r line; do
    case $line in
      *"Downloaded from"*) files=$((files + 1)); [ $((files % 50)) -eq 0 ] && echo "  $files files downloaded" ;;
      *"Downloading from"*native-cpu*.jar* | *"Downloading from"*/onnxruntime-*.jar*) echo "  downloading ${line##*/} (large)" ;;
      *"Building xrv"*) echo "  building ${line#*Building }" ;;
      *ERROR*) errors=$((errors + 1)); [ $errors -le 5 ] && echo "  $line" ;;
    esac
  done
}

build() {
  log=$home/target/build.log
  mkdir -p "$home/target"
  echo "$program: building the toolkit (first use: this downloads libraries, then takes about a minute; log: $log)" >&2
  rm -f "$built"
  (cd "$home" && ./mvnw -B $profiles -DskipTests package && : > "$built") 2>&1 | tee "$log" |
    show >&2
  [ -f "$built" ] || fail "the build failed; see $log"
}

if stale; then
  "$java" -version 2>&1 | grep -Eq 'version "(1[7-9]|[2-9][0-9])' || fail "$java is older than Java 17"
  [ -x "$(dirname "$java")/javac" ] || command -v javac >/dev/null || fail "$java is no JDK (no javac beside it), and the toolkit must be built first; install a JDK 17"
  if command -v flock >/dev/null; then
    mkdir -p "$home/target"
    exec 9>"$home/target/build.lock"
    flock 9
    stale && build # not if another launcher built it while this one waited
    exec 9>&-
  else
    build
  fi
fi

# Freed blocks are kept by the process instead of being given back and faulted in again: 20 to 40 % of a training step.
MALLOC_MMAP_THRESHOLD_=${MALLOC_MMAP_THRESHOLD_:-4294967296}
MALLOC_TRIM_THRESHOLD_=${MALLOC_TRIM_THRESHOLD_:-17179869184}
# These hold for the first arena only; the others, which Java's threads would get, give whole heaps of 64 MB back and map what is larger anew.
MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-1}
# Threads that wait for each other spin for a moment (about 0.3 ms) and then give the core away. The default spins up to 60
# times longer, which starves a step where many other threads run; not spinning at all costs small networks two thirds of their speed.
GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-5000}
export MALLOC_MMAP_THRESHOLD_ MALLOC_TRIM_THRESHOLD_ MALLOC_ARENA_MAX GOMP_SPINCOUNT

terminal=false
[ -t 2 ] && terminal=true
jar=$(ls "$home/$module/target/xrv-$module-"*.jar 2>/dev/null | grep -v -e '-tests.jar$' | head -n 1)
path=$jar:$(cat "$classpath")
if [ -n "${optional:-}" ] && [ -f "$home/$optional/target/classpath.txt" ]; then
  # Behind the others: of a library in both, the module's own version counts.
  path=$path:$(ls "$home/$optional/target/xrv-$optional-"*.jar | head -n 1):$(cat "$home/$optional/target/classpath.txt")
fi

# Programs that are started often keep the classes that they load in a form that Java maps into memory (class data sharing). Java itself
# ignores the archive when a jar or the JDK is another one. A part of an archive would crash it: it gets its name when it is complete.
shared='' quick=''
if [ -n "${share:-}" ]; then
  archive=$home/$module/target/$program.jsa
  [ -w "$home/$module/target" ] || archive=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/xrv/$program.jsa
  if [ -f "$archive" ] && [ "$archive" -nt "$jar" ] && [ "$archive" -nt "$classpath" ]; then
    shared=-XX:SharedArchiveFile=$archive
  elif ! [ "$archive.tried" -nt "$jar" ] && mkdir -p "${archive%/*}" 2>/dev/null && { : > "$archive.tried"; } 2>/dev/null; then
    (
      # shellcheck disable=SC2086
      nice "$java" -Djava.awt.headless=true -XX:ArchiveClassesAtExit="$archive.$$" -cp "$path" "$main" $share &&
        mv -f "$archive.$$" "$archive" || rm -f "$archive.$$"
    ) < /dev/null > /dev/null 2>&1 &
  fi
  # What only prints a help text gains nothing from a better compiler and a collector with threads of its own.
  case " $* " in "  " | *" --help "* | *" -h "* | *" --version "*) quick="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC" ;; esac
fi

# shellcheck disable=SC2086 # several options in one variable
exec "$java" ${shared:+"$shared"} $quick -Djava.awt.headless=true -Dfile.encoding=UTF-8 -Dxrv.terminal=$terminal ${XRV_JAVA_OPTS:-} \
  -cp "$path" "$main" "$@"
