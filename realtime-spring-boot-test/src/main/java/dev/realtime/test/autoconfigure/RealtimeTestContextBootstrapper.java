package dev.realtime.test.autoconfigure;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/** Bootstrapper of {@link RealtimeTest}. */
class RealtimeTestContextBootstrapper extends TestSliceTestContextBootstrapper<RealtimeTest> {}
