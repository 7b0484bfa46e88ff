/** English messages of the frame around the views. */
export const enShell = {
  "shell.manager": "Virtual machines",
  "shell.connection": "Connection",
  "shell.terminal": "Terminal",
  "shell.noDomain": "There is no such machine",
  "shell.toManager": "All virtual machines",
  "task.failed": "{title} failed",
  "task.log": "Tasks",
  "task.logRunning": "Tasks, {count} running",
  "shell.hostClosed": "The tab that ran the machines was closed",
  "shell.endedWithHost":
    "Machines that ended with it: {names}. New ones run in a tab that is open.",

  "task.none": "Nothing was done yet.",
  "task.clear": "Clear",
  "task.close": "Close the tasks",
  "task.bytes": "{done} of {total}",
  "task.background": "Continue in the background",
  "task.cancelOf": "Cancel: {title}",
  "task.isDone": "{title}: done",
  "task.isCancelled": "{title}: cancelled",
  "task.state.running": "Running since",
  "task.state.done": "Done",
  "task.state.failed": "Failed",
  "task.state.cancelled": "Cancelled",
  "task.took": "{time}, took {duration}",
} as const;
