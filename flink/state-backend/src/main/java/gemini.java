import io.castor.flink.state.GeminiStateBackendFactory;

/**
 * The short name: Flink takes what {@code state.backend.type} says, if it is no name of its own,
 * for the name of a factory's class.
 */
public final class gemini extends GeminiStateBackendFactory {}
