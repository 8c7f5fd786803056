package import OrchEgress
package import OrchProviders

extension ProviderSubject {
    /// A server that speaks OpenAI's API.
    package static func openAI(
        _ description: String, healthPath: String = "/v1/models",
        make: @escaping @Sendable (any OutboundHTTP, Endpoint) -> any ModelProvider
    ) -> ProviderSubject {
        let models =
            #"{"object":"list","data":[{"id":"one","object":"model","created":7,"owned_by":"us"},{"id":"two"}]}"#
        return ProviderSubject(
            description, chatPath: "/v1/chat/completions", modelsPath: "/v1/models", healthPath: healthPath,
            embeddingsPath: "/v1/embeddings", streamType: "text/event-stream; charset=utf-8",
            completion: """
                {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":\
                {"role":"assistant","content":"\(escapedText)"},"finish_reason":"stop"}],\
                "usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}
                """,
            stream: ": hello\n\n"
                + event(#"{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}"#)
                + event(#"{"index":0,"delta":{"content":"Hé 😀 "},"finish_reason":null}"#, lineEnd: "\r\n")
                + event(#"{"index":0,"delta":{"content":"\"there\"\n"},"finish_reason":null}"#)
                + event(#"{"index":0,"delta":{},"finish_reason":"stop"}"#, lineEnd: "\r")
                + event("", more: #","usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}"#)
                + "data: [DONE]\n\n",
            failingStream: event(#"{"index":0,"delta":{"content":"half"},"finish_reason":null}"#)
                + "data: {\"error\":{\"message\":\"out of memory\",\"type\":\"server_error\"}}\n\n",
            models: models, health: healthPath == "/v1/models" ? models : #"{"status":"ok"}"#,
            embeddings: """
                {"object":"list","data":[{"object":"embedding","index":0,"embedding":[1,2]},\
                {"object":"embedding","index":1,"embedding":[3.0,4.0]}],"model":"m"}
                """,
            make: make)
    }

    private static func event(_ choice: String, more: String = "", lineEnd: String = "\n") -> String {
        "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[\(choice)]\(more)}"
            + lineEnd + lineEnd
    }

    /// An Ollama.
    package static func ollama(
        make: @escaping @Sendable (any OutboundHTTP, Endpoint) -> any ModelProvider
    ) -> ProviderSubject {
        let models = #"{"models":[{"name":"one","model":"one"},{"name":"two","modified_at":"1970-01-01T00:00:01Z"}]}"#
        let counts = #""done_reason":"stop","total_duration":1,"prompt_eval_count":10,"eval_count":5"#
        return ProviderSubject(
            "ollama", chatPath: "/api/chat", modelsPath: "/api/tags", healthPath: "/api/tags",
            embeddingsPath: "/api/embed", streamType: "application/x-ndjson",
            completion: line(message: escapedText, isDone: true, more: counts),
            stream: line(message: "Hé 😀 ") + "\n" + line(message: #"\"there\"\n"#) + "\n"
                + line(message: "", isDone: true, more: counts) + "\n",
            failingStream: line(message: "half") + "\n{\"error\":\"an error was encountered\"}\n",
            models: models, health: models,
            embeddings: #"{"model":"m","embeddings":[[1,2],[3.0,4.0]],"prompt_eval_count":2}"#,
            otherwise: { request in
                request.path == "/api/show" ? ScriptedReply(#"{"details":{}}"#) : ScriptedReply("{}", status: 404)
            }, make: make)
    }

    private static func line(message: String, isDone: Bool = false, more: String = "\"x\":1") -> String {
        """
        {"model":"m","created_at":"2025-11-02T10:20:30.123456789Z",\
        "message":{"role":"assistant","content":"\(message)"},"done":\(isDone),\(more)}
        """
    }
}
