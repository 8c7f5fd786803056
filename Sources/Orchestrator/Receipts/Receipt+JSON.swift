import OrchCore
import OrchReceipts

extension JSONWriter {
    /// A receipt as answers carry it: `{trace_id, leaf_index, leaf_hash, checkpoint}`; null where receipts are off.
    mutating func member(_ key: String, _ receipt: Receipt?) {
        self.key(key)
        guard let receipt else { return null() }
        beginObject()
        member("trace_id", receipt.traceID.description)
        member("leaf_index", receipt.leafIndex)
        member("leaf_hash", receipt.leafHash.hexadecimal)
        member("checkpoint", receipt.checkpoint)
        endObject()
    }
}

extension Receipt {
    /// The JSON Schema of what ``JSONWriter/member(_:_:)`` writes.
    static let schema: JSONValue = [
        "type": ["object", "null"],
        "required": ["trace_id", "leaf_index", "leaf_hash", "checkpoint"],
        "properties": [
            "trace_id": ["type": "string"],
            "leaf_index": ["type": "integer"],
            "leaf_hash": ["type": "string"],
            "checkpoint": ["type": "string"],
        ],
    ]
}
