# One image a module: docker build --build-arg MODULE=persona-por .
# The builder makes all modules at once, so that further images of the same commit come from the cache.
ARG BUILD_IMAGE=eclipse-temurin:17-jdk
ARG RUNTIME_IMAGE=eclipse-temurin:25-jre

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY . .
# Formatting and tests have their place before an image is built.
RUN --mount=type=cache,target=/m2 \
    MAVEN_USER_HOME=/m2 ./mvnw -B -ntp -q -Dmaven.repo.local=/m2/repository -DskipTests \
      -Dspotless.check.skip=true package \
      dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=target/image/lib
ARG MODULE
# What changes seldom comes first: libraries, then the project's own, then the module itself.
RUN set -eu; test -n "$MODULE" || { echo "say which module: --build-arg MODULE=..."; exit 1; }; \
    mkdir -p /image/libraries /image/own; \
    cp "$MODULE"/target/image/lib/*.jar /image/libraries/; \
    for jar in */target/*.jar; do \
      library="/image/libraries/${jar##*/}"; \
      if [ -f "$library" ]; then mv "$library" /image/own/; fi; \
    done; \
    cp "$MODULE"/target/"$MODULE"-[0-9]*.jar /image/app.jar

FROM ${RUNTIME_IMAGE}
# XGBoost and LightGBM are linked against OpenMP, which no JRE image holds.
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/*
# Temporary files, also of native libraries, go here: a volume, for the root file system is read-only.
RUN mkdir -p /var/lib/handoff && chown 10001:10001 /var/lib/handoff
VOLUME /var/lib/handoff
COPY --from=build /image/libraries/ /app/lib/
COPY --from=build /image/own/ /app/lib/
COPY --from=build /image/app.jar /app/app.jar
USER 10001:10001
WORKDIR /var/lib/handoff
# Health and metrics have a port of their own, which is not for those who ask the service.
ENV SERVER_PORT=8080 \
    MANAGEMENT_SERVER_PORT=9080 \
    HANDOFF_WORK_DIRECTORY=/var/lib/handoff/stages \
    JAVA_TOOL_OPTIONS="-XX:+UseSerialGC -XX:MaxRAMPercentage=50 -XX:+ExitOnOutOfMemoryError -Djava.io.tmpdir=/var/lib/handoff -Duser.timezone=UTC -Duser.language=en -Dfile.encoding=UTF-8"
EXPOSE 8080 9080
# Ready and alive: a listener that died makes it unhealthy, too. Nothing but bash and grep, which the Debian and Ubuntu
# base images hold as essential packages.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$MANAGEMENT_SERVER_PORT && printf 'GET /actuator/health HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '\"UP\"' <&3"]
ENTRYPOINT ["java", "-jar", "/app/app.jar"]
