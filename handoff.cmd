@echo off
rem Builds what is missing, then runs the handoff command. Needs a JDK 17 or later.
setlocal
set "ROOT=%~dp0"
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
"%JAVA%" -version >nul 2>&1
if errorlevel 1 (
  echo handoff: no Java found; install a JDK 17 or later, or set JAVA_HOME 1>&2
  exit /b 1
)
rem 17.0.2 gives 17; 1.8.0 gives 1.
set "VERSION=0"
for /f "tokens=3" %%v in ('call "%JAVA%" -version 2^>^&1 ^| findstr /i " version "') do for /f "tokens=1 delims=.-" %%m in ("%%~v") do set "VERSION=%%m"
if %VERSION% LSS 17 (
  echo handoff: "%JAVA%" is too old; a JDK 17 or later is needed, set JAVA_HOME to one 1>&2
  exit /b 1
)
set "BUILT=%ROOT%handoff-cli\target\.built"
set "STALE="
if not exist "%BUILT%" (
  set "STALE=1"
) else (
  powershell -NoProfile -Command "$b = (Get-Item '%BUILT%').LastWriteTime; if (Get-ChildItem '%ROOT%' -Recurse -File -Include *.java,*.jte,*.css,*.js,pom.xml,*.yml,*.sql,*.json,*.properties | Where-Object { $_.LastWriteTime -gt $b -and $_.FullName -notmatch '\\target\\' } | Select-Object -First 1) { exit 1 }"
  if errorlevel 1 set "STALE=1"
)
if defined STALE (
  echo handoff: building, the first time downloads dependencies and takes some minutes 1>&2
  pushd "%ROOT%"
  call mvnw.cmd -q -B -pl handoff-cli -am -DskipTests -Dspotless.check.skip=true package || exit /b 1
  popd
  type nul > "%BUILT%"
)
set "HANDOFF_HOME=.handoff"
set "PREVIOUS="
for %%a in (%*) do call :home "%%~a"
"%JAVA%" -Xmx1200m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=192m -Duser.timezone=UTC -Duser.language=en -Dfile.encoding=UTF-8 -Dorg.springframework.boot.logging.LoggingSystem=none "-Dhandoff.log=%HANDOFF_HOME%\logs\handoff.log" %HANDOFF_JAVA_OPTIONS% -cp "%ROOT%handoff-cli\target\handoff-cli-1.0.0-SNAPSHOT.jar;%ROOT%handoff-cli\target\class-path\*" dev.mlhandoff.cli.HandoffCommand %*
exit /b %errorlevel%

:home
rem cmd splits --home=DIR at the equals sign, so both spellings arrive as two arguments.
if "%PREVIOUS%"=="--home" set "HANDOFF_HOME=%~1"
set "PREVIOUS=%~1"
exit /b 0
