package dev.realtime.api.data;

/**
 * Decimal numbers as text: an optional sign, digits, and digits behind a point. They are compared without being read,
 * since a filter compares with each publication and must allocate nothing.
 */
final class DecimalText {

    private DecimalText() {}

    /** Returns whether a text is a number. */
    static boolean isNumber(String text) {
        int start = start(text);
        int point = pointOf(text);
        return digits(text, start, point) && (point == text.length() || digits(text, point + 1, text.length()));
    }

    private static boolean digits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return from < to;
    }

    /** Compares two numbers. */
    static int compare(String left, String right) {
        int leftSign = sign(left);
        int rightSign = sign(right);
        if (leftSign != rightSign) {
            return Integer.compare(leftSign, rightSign);
        }
        return leftSign < 0 ? compareDigits(right, left) : compareDigits(left, right);
    }

    /** Returns -1, 0 or 1. */
    private static int sign(String text) {
        for (int i = start(text); i < text.length(); i++) {
            if (text.charAt(i) >= '1') {
                return text.charAt(0) == '-' ? -1 : 1;
            }
        }
        return 0;
    }

    private static int compareDigits(String left, String right) {
        int leftPoint = pointOf(left);
        int rightPoint = pointOf(right);
        int leftFirst = firstDigit(left, leftPoint);
        int rightFirst = firstDigit(right, rightPoint);
        int order = Integer.compare(leftPoint - leftFirst, rightPoint - rightFirst);
        for (int i = 0; order == 0 && i < leftPoint - leftFirst; i++) {
            order = Character.compare(left.charAt(leftFirst + i), right.charAt(rightFirst + i));
        }
        int fractions = Math.max(left.length() - leftPoint, right.length() - rightPoint);
        for (int i = 1; order == 0 && i < fractions; i++) {
            order = Character.compare(digitOrZero(left, leftPoint + i), digitOrZero(right, rightPoint + i));
        }
        return order;
    }

    private static char digitOrZero(String text, int index) {
        return index < text.length() ? text.charAt(index) : '0';
    }

    /** Returns the index of the first digit before the point that is not zero. */
    private static int firstDigit(String text, int point) {
        int first = start(text);
        while (first < point && text.charAt(first) == '0') {
            first++;
        }
        return first;
    }

    private static int start(String text) {
        return !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
    }

    private static int pointOf(String text) {
        int point = text.indexOf('.');
        return point < 0 ? text.length() : point;
    }
}
