import OrchCore

/// A stored cache of intents that cannot be used. What is in memory is not touched by any of it.
package struct IntentCacheError: CodedError {
    package struct Code: Sendable, Hashable {
        private enum Value: String {
            case unavailable = "intent_cache_unavailable"
            case newerSchema = "intent_cache_newer_schema"
            case damaged = "intent_cache_damaged"
        }
        private let value: Value
        /// The file cannot be opened or read, or did not take the write.
        package static let unavailable = Code(value: .unavailable)
        /// Another version of the program made the file.
        package static let newerSchema = Code(value: .newerSchema)
        /// A stored decision is none that the cache could have written.
        package static let damaged = Code(value: .damaged)
        package var name: String { value.rawValue }
    }

    package let code: Code
    package let message: String
    package let cause: (any Error)?
    package var codeName: String { code.name }

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}
