@echo off
rem Starts the handoff command; builds it first where it is missing.
setlocal
set "ROOT=%~dp0"
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
"%JAVA%" -version >nul 2>&1
if errorlevel 1 (
  echo handoff: a JDK 17 or later is needed, and no java was found. Install one or set JAVA_HOME. 1>&2
  exit /b 1
)
if not exist "%ROOT%handoff-cli\target\lib" (
  echo handoff: building, the first time this fetches its libraries and takes some minutes 1>&2
  pushd "%ROOT%"
  call mvnw.cmd -q -B -DskipTests -Dspotless.check.skip=true -pl handoff-cli -am package || exit /b 1
  popd
)
"%JAVA%" -Xmx1200m -XX:+UseSerialGC -Duser.timezone=UTC -Duser.language=en -Dfile.encoding=UTF-8 -Dorg.springframework.boot.logging.LoggingSystem=none "-Dhandoff.log=.handoff\logs\handoff.log" -cp "%ROOT%handoff-cli\target\handoff-cli-1.0.0-SNAPSHOT.jar;%ROOT%handoff-cli\target\lib\*" dev.mlhandoff.cli.HandoffCommand %*
exit /b %errorlevel%
