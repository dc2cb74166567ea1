/** Internal: conversion of the application's objects to JSON and back; no compatibility promise. */
@NullMarked
package dev.realtime.autoconfigure.payload;

import org.jspecify.annotations.NullMarked;
