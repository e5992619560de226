import { Module } from '@nestjs/common';
import { CommentController } from './comment/comment.controller.ts';
import { CommenterController } from './commenter/commenter.controller.ts';
import { ThreadController } from './thread/thread.controller.ts';

@Module({ controllers: [CommentController, CommenterController, ThreadController] })
export class ModerationModule {}
