package dev.realtime.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Differences from the reference server that are intended: the end of a script, there and here. Each
 * is in {@code docs/compatibility.md} with its reason.
 */
enum IntendedDifference {
    /** The epoch of a publication is named only to a client that has another one. */
    EPOCH_OF_PUBLICATIONS(
            "0 < {'push':{'channel':'stream:a@','pub':"
                    + "{'data':1,'info':{'user':'u0','client':'#1'},'offset':1,'epoch':'e1'}}}",
            "0 < {'push':{'channel':'stream:a@','pub':{'data':1,'info':{'user':'u0','client':'#1'},'offset':1}}}",
            "{'subscribe':{'channel':'stream:a@'}}",
            "{'publish':{'channel':'stream:a@','data':1}}"),
    EXPIRED_TOKEN_IN_SUB_REFRESH(
            "0 < {'id':3,'sub_refresh':{}}",
            "0 closed with 3006 subscription expired",
            "{'subscribe':{'channel':'plain:a@','token':'$token(u0|600|channel=plain:a@)'}}",
            "{'sub_refresh':{'channel':'plain:a@','token':'$token(u0|-5|channel=plain:a@)'}}"),
    PAST_EXPIRE_AT_IN_SUB_REFRESH(
            "0 < {'id':3,'error':{'code':110,'message':'expired'}}",
            "0 closed with 3006 subscription expired",
            "{'subscribe':{'channel':'plain:a@','token':'$token(u0|600|channel=plain:a@)'}}",
            "{'sub_refresh':{'channel':'plain:a@','token':'$token(u0|600|channel=plain:a@,claim=~expire_at~:past)'}}"),
    PAST_EXPIRE_AT_IN_REFRESH(
            "0 < {'id':2,'error':{'code':110,'message':'expired'}}",
            "0 closed with 3005 connection expired",
            "{'refresh':{'token':'$token(u0|600|claim=~expire_at~:past)'}}");

    private final String reference;

    private final String ours;

    private final String[] commands;

    IntendedDifference(String reference, String ours, String... commands) {
        this.reference = reference;
        this.ours = ours;
        this.commands = commands;
    }

    ReplayScript script() {
        List<ReplayScript.Step> steps = new ArrayList<>();
        steps.add(ReplayScript.Step.of(0, "{'connect':{'token':'$token(u0|600|)'}}"));
        Arrays.stream(commands).forEach(command -> steps.add(ReplayScript.Step.of(0, command)));
        return new ReplayScript(name(), steps);
    }

    /** Last line of the reference server. */
    String reference() {
        return reference;
    }

    /** Last line here. */
    String ours() {
        return ours;
    }
}
