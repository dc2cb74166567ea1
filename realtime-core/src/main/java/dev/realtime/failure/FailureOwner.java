package dev.realtime.failure;

/** Something that ends when one of its tasks fails, such as a connection. */
public interface FailureOwner {

    /** Logs the failure and ends; must not throw. */
    void failed(Place place, Throwable failure);
}
