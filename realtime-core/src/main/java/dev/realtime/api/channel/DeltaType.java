package dev.realtime.api.channel;

/** Format in which a publication is sent as its difference to the one before. */
public enum DeltaType {
    /** Patches in the format of the Fossil version control system. */
    FOSSIL("fossil");

    private final String id;

    DeltaType(String id) {
        this.id = id;
    }

    /**
     * Returns the name of the format in the protocol.
     *
     * @return the name
     */
    public String id() {
        return id;
    }
}
