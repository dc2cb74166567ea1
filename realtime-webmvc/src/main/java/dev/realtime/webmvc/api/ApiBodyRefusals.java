package dev.realtime.webmvc.api;

import dev.realtime.httpapi.HttpApiOptions;
import dev.realtime.httpapi.HttpRefusedException;
import dev.realtime.webmvc.RequestBody;

/** Refusals of bodies by the API, which name the properties that decide. */
record ApiBodyRefusals(HttpApiOptions options) implements RequestBody.Refusals {

    @Override
    public HttpRefusedException tooLarge() {
        return new HttpRefusedException(
                HttpRefusedException.CONTENT_TOO_LARGE,
                "the body is larger than realtime.http-api.max-body-size, " + options.maxBodyBytes() + " bytes");
    }

    @Override
    public HttpRefusedException tooSlow() {
        return new HttpRefusedException(
                HttpRefusedException.REQUEST_TIMEOUT,
                "the body did not arrive within realtime.http-api.read-timeout, "
                        + options.readTimeout().toMillis() + " ms");
    }

    @Override
    public HttpRefusedException cutOff() {
        return new HttpRefusedException(HttpRefusedException.BAD_REQUEST, "the body ended early or is malformed");
    }
}
