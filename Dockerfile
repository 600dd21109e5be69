# One static binary in an image without a shell, run by a user without rights. The tags of the base images have not been
# tried where this was written, which had no Docker daemon.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /out/ ./cmd/frontdesk ./scripts/healthcheck && mkdir /out/data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/frontdesk /out/healthcheck /
# The folder of the embedded store, for the image's user. Unused where DATABASE_URL is set.
COPY --from=build --chown=nonroot:nonroot /out/data /data
ENV FRONTDESK_DATA=/data FRONTDESK_LISTEN=0.0.0.0:8080
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s CMD ["/healthcheck", "http://127.0.0.1:8080/readyz"]
ENTRYPOINT ["/frontdesk"]
CMD ["serve"]
