package dev.realtime.auth.token;

import dev.realtime.json.JsonField;
import dev.realtime.json.JsonInput;
import dev.realtime.json.JsonScanner;
import dev.realtime.json.MalformedJsonException;
import java.util.HashSet;
import java.util.Set;

/** Reads JSON objects whose names must be unique: two claims of one name could mean two things to two readers. */
final class JsonObjects {

    private JsonObjects() {}

    /** Takes the value of one field, completely. */
    @FunctionalInterface
    interface FieldReader {

        void read(String name) throws MalformedJsonException;
    }

    /** Reads the object that begins here, field by field; {@code null} counts as one without fields. */
    static void read(JsonInput input, JsonField object, FieldReader fields) throws MalformedJsonException {
        if (!input.openObject(object)) {
            return;
        }
        Set<String> names = new HashSet<>();
        for (String name = input.nextKey(); name != null; name = input.nextKey()) {
            if (!names.add(name)) {
                throw new InvalidTokenException("has a duplicate name");
            }
            fields.read(name);
        }
    }

    static void expectEnd(JsonInput input) {
        if (input.peek() != JsonScanner.END) {
            throw new InvalidTokenException("has data after its claims or header");
        }
    }
}
