package io.datamirror.spec;

import java.io.Serializable;

/**
 * The schema registry of records in Avro.
 *
 * @param user null if it asks for none
 * @param password null if it asks for none
 * @param token sent as a bearer; null if it asks for none
 */
public record RegistrySpec(SecretText url, SecretText user, SecretText password, SecretText token)
    implements Serializable {}
