/** The task log's id in the page, for the button that opens it. */
export const TASK_LOG_ID = "task-log";
