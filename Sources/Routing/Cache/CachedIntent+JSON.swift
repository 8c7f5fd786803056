import OrchCore

extension CachedIntent {
    /// Bytes that a stored decision may have: two ids in which every byte is escaped, and the figures.
    package static let maximumJSONBytes = 2 * 6 * maximumIDBytes + 512

    /// As it is stored. All members are always there; null stands for none.
    package var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("intent_id", intentID)
        writer.member("similarity", .number(similarity))
        writer.member("confidence", .number(confidence))
        writer.member("gap", .number(gap))
        writer.member("runner_up", orNull: runnerUp)
        writer.member("runner_up_probability", runnerUpProbability.map(JSONValue.number) ?? .null)
        writer.endObject()
        return writer.bytes
    }

    /// Reads what ``json`` writes, with the members in any order, and nothing else.
    package init(json: [UInt8]) throws(IntentCacheError) {
        guard json.count <= Self.maximumJSONBytes else { throw Self.damaged("it is too long") }
        let object: JSONObject?
        do throws(JSONError) {
            object = try JSONValue(parsing: json, limits: JSONLimits(depth: 1)).objectValue
        } catch {
            // The error tells a place in the text, and nothing of it.
            throw Self.damaged("it is no JSON of one level", cause: error)
        }
        // Six members, all of them known, and no key twice: none is unknown.
        guard let object, object.count == 6 else { throw Self.damaged("it has not the six members") }
        let runnerUp = object["runner_up"]
        let probability = object["runner_up_probability"]
        guard let intentID = object["intent_id"]?.stringValue, Self.isID(intentID),
            let similarity = Self.figure(object["similarity"]), let confidence = Self.figure(object["confidence"]),
            let gap = Self.figure(object["gap"])
        else { throw Self.damaged("a member is missing or has a value that it cannot have") }
        self.init(
            intentID: intentID, similarity: similarity, confidence: confidence, gap: gap,
            runnerUp: runnerUp?.stringValue, runnerUpProbability: Self.figure(probability))
        let hasNone = runnerUp == .null && probability == .null
        guard hasNone || self.runnerUp.map(Self.isID) ?? false else {
            throw Self.damaged("the runner-up is not one intent and its probability")
        }
    }

    private static func figure(_ value: JSONValue?) -> Double? {
        value?.doubleValue.flatMap { isStep($0) ? $0 : nil }
    }

    private static func damaged(_ reason: String, cause: (any Error)? = nil) -> IntentCacheError {
        IntentCacheError(.damaged, "a stored decision cannot be read: \(reason)", cause: cause)
    }
}
